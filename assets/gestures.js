// Fingers and wheels on the picture. One finger and the wheel alone scroll the page, as everywhere; two fingers, or the
// wheel with Ctrl (which a pinch on a touchpad is, too), move and enlarge the picture.
const WHEEL = 0.01;
const SLIP = 10; // a finger that goes further does not tap

const middle = ([one, other]) => ({ x: (one.clientX + other.clientX) / 2, y: (one.clientY + other.clientY) / 2 });
const apart = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);

// board: the element. moved: told how far, in pixels. zoomed: told a factor, and the place that stays where it is.
// mouse: told whether it is a mouse that points now.
export function gestures(board, { moved, zoomed, mouse }) {
  let last, from, slipped;
  const within = ({ x, y }) => {
    const { left, top } = board.getBoundingClientRect();
    return { x: x - left, y: y - top };
  };
  const begin = ({ touches }) => {
    [from, slipped] = [touches.length === 1 && !last ? touches[0] : undefined, false];
    last = touches.length === 2 ? { at: middle(touches), wide: apart(touches) } : undefined;
  };
  const move = (event) => {
    event.stopPropagation(); // Cytoscape would keep the page from being scrolled
    slipped ||= event.touches.length === 1 && !!from && apart([from, event.touches[0]]) > SLIP;
    if (!last || event.touches.length !== 2) return;
    event.preventDefault();
    const now = { at: middle(event.touches), wide: apart(event.touches) };
    moved({ x: now.at.x - last.at.x, y: now.at.y - last.at.y });
    if (last.wide) zoomed(now.wide / last.wide, within(now.at));
    last = now;
  };
  const end = (event) => {
    const tapped = !slipped;
    begin(event);
    if (tapped) return;
    event.stopPropagation();
    window.dispatchEvent(new Event("touchcancel"));
  };
  const wheel = (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomed(Math.exp(-event.deltaY * WHEEL), within({ x: event.clientX, y: event.clientY }));
  };
  const capture = { capture: true };
  board.addEventListener("pointerdown", (event) => mouse(event.pointerType === "mouse"), capture);
  board.addEventListener("touchstart", begin, { ...capture, passive: true });
  board.addEventListener("touchend", end, { ...capture, passive: true });
  board.addEventListener("touchmove", move, { ...capture, passive: false });
  board.addEventListener("wheel", wheel, { ...capture, passive: false });
}
