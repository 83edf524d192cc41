// Moves boxes that lie over each other apart, so that names can be read.
const ROUNDS = 400;
const GAP = 6;

// boxes: x, y (their middle), w, h; moved in place. ratio: breadth by height of the frame, which says where there is room.
export function apart(boxes, ratio) {
  for (let round = 0; round < ROUNDS; round += 1) if (!once(boxes, ratio)) return;
}

function once(boxes, ratio) {
  let moved = false;
  boxes.forEach((one, number) => {
    for (const other of boxes.slice(number + 1)) {
      const across = (one.w + other.w) / 2 + GAP - Math.abs(one.x - other.x);
      const down = (one.h + other.h) / 2 + GAP - Math.abs(one.y - other.y);
      if (across <= 0.5 || down <= 0.5) continue;
      if (across < down * ratio) shift(one, other, "x", across);
      else shift(one, other, "y", down);
      moved = true;
    }
  });
  return moved;
}

function shift(one, other, axis, overlap) {
  const way = one[axis] <= other[axis] ? -1 : 1;
  one[axis] += (way * overlap) / 2;
  other[axis] -= (way * overlap) / 2;
}
