// The forms that kinds of things have in the picture, as polygons from -1 to 1; the same in its legend.
const turned = (corners, begin = -90) =>
  Array.from({ length: corners }, (_, each) => {
    const angle = ((begin + (360 * each) / corners) * Math.PI) / 180;
    return [Math.cos(angle), Math.sin(angle)];
  });
const star = turned(10).map(([x, y], each) => (each % 2 ? [x * 0.5, y * 0.5] : [x, y]));

const SHAPES = [
  turned(24),
  turned(4, -45).map(([x, y]) => [x * 1.2, y * 1.2]),
  turned(4),
  turned(3),
  turned(6, 0),
  star,
  turned(5),
  turned(3, 90),
  [[-1, -0.6], [1, -0.6], [1, 0.6], [-1, 0.6]],
  [[-1, -1], [0, -0.4], [1, -1], [1, 1], [0, 0.4], [-1, 1]],
  [[-0.4, -1], [0.4, -1], [0.4, -0.4], [1, -0.4], [1, 0.4], [0.4, 0.4], [0.4, 1], [-0.4, 1], [-0.4, 0.4], [-1, 0.4], [-1, -0.4], [-0.4, -0.4]],
  turned(8, 22.5),
];
// Four fills go around once for each time that the forms do, so that no two kinds of few look the same.
const FILLS = ["paper", "wash", "blue-wash", "mark"];

export function look(number) {
  return { points: SHAPES[number % SHAPES.length], fill: FILLS[(number + Math.floor(number / SHAPES.length)) % FILLS.length] };
}

// A sign for the legend.
export function sign(number) {
  const { points, fill } = look(number);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const form = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  svg.setAttribute("viewBox", "-1.3 -1.3 2.6 2.6");
  svg.setAttribute("aria-hidden", "true");
  form.setAttribute("points", points.map((point) => point.map((each) => each.toFixed(2)).join(",")).join(" "));
  form.setAttribute("class", `fill-${fill}`);
  svg.append(form);
  return svg;
}
