// The picture of a neighbourhood, beside the list that says the same. What is shown more in one is shown in the other.
import { Picture } from "./picture.js";
import { sign } from "./shapes.js";

const MOST = 250;
const STEP = 1.3;
const AWAY = 0.3;
const WAYS = { left: ["←", -AWAY, 0], up: ["↑", 0, -AWAY], down: ["↓", 0, AWAY], right: ["→", AWAY, 0] };

const near = document.getElementById("near");
const list = document.getElementById("near-list");
const words = near.dataset;

function made(tag, parts = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), parts);
  element.append(...inside);
  return element;
}

const button = (text, run) => {
  const one = made("button", { type: "button", className: "btn quiet", textContent: text });
  one.addEventListener("click", run);
  return one;
};

const board = made("div", { className: "board-near", tabIndex: 0 });
board.setAttribute("role", "application");
board.setAttribute("aria-label", words.picture);
const legend = made("ul", { className: "key" });
const talk = made("p", { className: "now" });
talk.setAttribute("aria-live", "polite");
const bar = made(
  "p",
  { className: "row" },
  button(words.larger, () => picture.zoom(STEP)),
  button(words.smaller, () => picture.zoom(1 / STEP)),
  button(words.whole, () => picture.whole()),
  ...Object.entries(WAYS).map(([name, [sign, x, y]]) => {
    const one = button(sign, () => picture.go(x, y));
    one.setAttribute("aria-label", words[name]);
    return one;
  }),
);
near.append(made("p", { className: "note", textContent: words.picture }), board, talk, bar, legend);
near.hidden = false;

const picture = new Picture(board, (iri) => (choose(iri), expand(iri)));
const things = new Map();
const opened = new Map();
const kinds = [];
let here;

function looks(kind = words.other) {
  if (!kinds.includes(kind)) {
    kinds.push(kind);
    legend.append(made("li", {}, sign(kinds.length - 1), kind));
  }
  return kinds.indexOf(kind);
}

async function load(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return answer.json();
}

function show(found) {
  for (const each of found.things) if (!things.get(each.iri)?.around) things.set(each.iri, each);
  opened.set(found.thing, found);
  picture.add(found, looks);
}

function named(thing) {
  const name = made("a", { href: thing.page ?? thing.iri, textContent: thing.name });
  if (thing.language) name.lang = thing.language;
  return name;
}

// The thing that the arrow keys go on from, and what can be done with it.
function choose(iri, more = "") {
  here = iri;
  picture.choose(iri);
  const thing = things.get(iri);
  const kind = thing.kind ? [" ", made("span", { className: "tag", textContent: thing.kind })] : [];
  const open = thing.around && !opened.has(iri) ? [" ", button(words.expand, () => expand(iri))] : [];
  talk.replaceChildren(named(thing), ...kind, ...open, ...(more ? [" ", more] : []));
}

async function expand(iri) {
  const thing = things.get(iri);
  if (!thing.around || opened.has(iri)) return mirror(iri);
  if (picture.size > MOST) return choose(iri, words.full);
  try {
    const before = picture.size;
    show(await load(thing.around));
    choose(iri, picture.size > before ? words.expanded : words.alone);
    mirror(iri);
  } catch (error) {
    choose(iri, words.lost.replace("{reason}", error.message));
  }
}

// In the list, what was expanded stands below each mention of the thing.
function mirror(iri) {
  for (const item of list.querySelectorAll(`li[data-iri="${CSS.escape(iri)}"]`)) {
    item.querySelector(":scope > button")?.setAttribute("aria-expanded", String(opened.has(iri)));
    if (opened.has(iri) && !item.querySelector(":scope > ul")) item.append(nested(opened.get(iri)));
  }
}

function nested({ bonds, thing }) {
  return made("ul", { className: "near" }, ...bonds.map((bond) => branch(bond, thing)));
}

function branch({ property, inward, things: inside, more }, thing) {
  const way = made("span", { className: "tag", textContent: inward ? words.inward : words.outward });
  const items = inside.map((iri) => leaf(things.get(iri)));
  if (more) items.push(made("li", { className: "note" }, made("a", { href: things.get(thing).page, textContent: words.more.replace("{count}", more) })));
  return made("li", {}, made("p", {}, made("b", { textContent: property }), " ", way), made("ul", {}, ...items));
}

function leaf(thing) {
  const item = made("li", {}, named(thing));
  item.dataset.iri = thing.iri;
  if (thing.kind) item.append(" ", made("span", { className: "tag", textContent: thing.kind }));
  return equip(item);
}

// A button in the list for each thing that has a neighbourhood of its own.
function equip(item) {
  const thing = things.get(item.dataset.iri);
  if (!thing?.around) return item;
  const one = made("button", { type: "button", className: "btn quiet", textContent: words.expand });
  one.append(made("span", { className: "vh", textContent: `: ${thing.name}` }));
  one.setAttribute("aria-expanded", "false");
  one.addEventListener("click", () => {
    const inside = item.querySelector(":scope > ul");
    if (inside) {
      inside.hidden = !inside.hidden;
      one.setAttribute("aria-expanded", String(!inside.hidden));
    } else expand(thing.iri);
  });
  item.querySelector(":scope > a.around")?.before(one, " ");
  if (!one.parentNode) item.append(" ", one);
  return item;
}

board.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") expand(here);
  else if (event.key === "+") picture.zoom(STEP);
  else if (event.key === "-") picture.zoom(1 / STEP);
  else if (event.key === "0") picture.whole();
  else if (event.key.startsWith("Arrow")) {
    const other = picture.beside(here, event.key);
    if (other) choose(other);
  } else return;
  event.preventDefault();
});

try {
  const first = await load(words.source);
  show(first);
  choose(first.thing);
  list.querySelectorAll("li[data-iri]").forEach(equip);
} catch (error) {
  talk.textContent = words.lost.replace("{reason}", error.message);
}
