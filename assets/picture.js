// The picture: things as signs, what they are called below them, lines that say by which property.
import cytoscape from "cytoscape";
import { apart } from "./apart.js";
import { gestures } from "./gestures.js";
import { look } from "./shapes.js";

const TOKENS = ["paper", "wash", "blue-wash", "mark", "ink", "ink-2", "blue", "field"];
const LONGEST = 60;
const ROOM = 1.8; // of the room that names take
const MOST_ZOOM = 1.4;
const LEAST_ZOOM = 0.7; // names are read at this; what then has no room is outside the frame
const EDGE = 20;

// The colours of the page's style sheet, as the theme has them now.
function colours() {
  const probe = document.body.appendChild(document.createElement("span"));
  const found = TOKENS.map((token) => {
    probe.style.color = `var(--${token})`;
    return [token, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(found);
}

function style() {
  const of = colours();
  const font = getComputedStyle(document.body).fontFamily;
  return [
    {
      selector: "node",
      style: {
        shape: "polygon",
        "shape-polygon-points": (node) => look(node.data("look")).points.flat().join(" "),
        width: 26,
        height: 26,
        "background-color": (node) => of[look(node.data("look")).fill],
        "border-width": 1.5,
        "border-color": of.ink,
        label: "data(short)",
        "text-events": "yes",
        color: of.ink,
        "font-family": font,
        "font-size": 12,
        "text-wrap": "wrap",
        "text-max-width": 120,
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-background-color": of.paper,
        "text-background-opacity": 0.85,
        "text-background-padding": 1,
      },
    },
    { selector: "node[?open]", style: { "border-width": 4 } },
    { selector: "node:selected", style: { "border-color": of.blue, "border-width": 5, "underlay-color": of.blue, "underlay-opacity": 0.25, "underlay-padding": 6 } },
    {
      selector: "edge",
      style: {
        width: 1.2,
        "curve-style": "bezier",
        "line-color": of.field,
        "target-arrow-color": of.field,
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.9,
        label: "data(property)",
        color: of["ink-2"],
        "font-family": font,
        "font-size": 10,
        "min-zoomed-font-size": 8,
        "text-rotation": "autorotate",
        "text-background-color": of.paper,
        "text-background-opacity": 0.85,
      },
    },
    { selector: "core", style: { "active-bg-opacity": 0, "selection-box-opacity": 0 } },
  ];
}

const clip = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
// Addresses have no spaces: lines break after their signs.
const breakable = (text) => text.replace(/[/._-](?=\w)/g, "$&\u200b");

// Boxes along an axis so that their middles take up so much.
function scale(boxes, axis, length) {
  const places = boxes.map((box) => box[axis]);
  const [least, most] = [Math.min(...places), Math.max(...places)];
  if (most > least) for (const box of boxes) box[axis] = ((box[axis] - least) / (most - least)) * length;
}

export class Picture {
  // chosen: told the IRI of a thing that was clicked.
  constructor(container, chosen) {
    this.cy = cytoscape({
      container,
      style: style(),
      userZoomingEnabled: false,
      userPanningEnabled: false,
      boxSelectionEnabled: false,
      selectionType: "single",
      minZoom: 0.15,
      maxZoom: 3,
    });
    this.cy.on("tap", "node", (event) => chosen(event.target.id()));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.cy.style(style()));
    gestures(container, {
      moved: (by) => this.cy.panBy(by),
      zoomed: (factor, place) => this.zoom(factor, place),
      mouse: (is) => this.cy.userPanningEnabled(is).autoungrabify(!is),
    });
    new ResizeObserver(() => this.resized()).observe(container);
  }

  get size() {
    return this.cy.nodes().length;
  }

  // The things and bonds of one neighbourhood, around its thing. looks: the number of a kind's sign.
  add({ thing, things, bonds }, looks) {
    const centre = this.cy.getElementById(thing);
    const place = centre.length ? { ...centre.position() } : { x: 0, y: 0 };
    const fresh = things.filter((each) => !this.cy.getElementById(each.iri).length);
    const ring = 90 + 14 * fresh.length;
    fresh.forEach((each, number) => {
      const angle = (2 * Math.PI * number) / fresh.length;
      const aside = each.iri === thing ? 0 : ring;
      this.cy.add({
        data: { id: each.iri, short: breakable(clip(each.name)), look: looks(each.kind) },
        position: { x: place.x + aside * Math.cos(angle), y: place.y + aside * Math.sin(angle) },
      });
    });
    for (const bond of bonds) for (const other of bond.things) this.join(thing, other, bond);
    this.cy.getElementById(thing).data("open", 1);
    this.opened = thing;
    this.lay();
  }

  join(thing, other, { property, inward }) {
    const [source, target] = inward ? [other, thing] : [thing, other];
    const id = `${source} ${property} ${target}`;
    if (!this.cy.getElementById(id).length) this.cy.add({ data: { id, source, target, property } });
  }

  lay() {
    this.cy
      .layout({ name: "cose", animate: false, randomize: false, nodeRepulsion: 60000, idealEdgeLength: 110, nodeOverlap: 30, padding: 30, numIter: 1500 })
      .run();
    this.part();
    this.show();
  }

  // All of it, unless names were too small to read then: so much of it as can be read, around what was opened last.
  show() {
    this.whole();
    const zoom = Math.min(Math.max(this.cy.zoom(), LEAST_ZOOM), MOST_ZOOM);
    if (zoom === this.cy.zoom()) return;
    this.cy.zoom(zoom);
    this.cy.center(zoom === LEAST_ZOOM ? this.cy.getElementById(this.opened) : undefined);
  }

  // The form of the frame decides where things lie; only if that has changed are they laid out anew.
  resized() {
    const upright = () => this.cy.width() < this.cy.height();
    const before = upright();
    this.cy.resize();
    if (before !== upright()) this.lay();
    else this.show();
  }

  // Into a field of the frame's form that has room for all names, and there apart.
  part() {
    const nodes = this.cy.nodes().toArray();
    const boxes = nodes.map((node) => {
      const { x1, y1, w, h } = node.boundingBox({ includeOverlays: false, includeUnderlays: false });
      const { x, y } = node.position();
      return { x, y, w, h, aside: x1 + w / 2 - x, below: y1 + h / 2 - y };
    });
    const ratio = this.cy.width() / this.cy.height();
    const room = ROOM * boxes.reduce((sum, { w, h }) => sum + w * h, 0);
    const most = (side) => Math.max(...boxes.map((box) => box[side])); // half of it stands out on each side
    scale(boxes, "x", Math.max(Math.sqrt(room * ratio) - most("w"), 0));
    scale(boxes, "y", Math.max(Math.sqrt(room / ratio) - most("h"), 0));
    apart(boxes, ratio);
    nodes.forEach((node, number) => node.position({ x: boxes[number].x - boxes[number].aside, y: boxes[number].y - boxes[number].below }));
  }

  choose(iri) {
    this.cy.nodes().unselect();
    const node = this.cy.getElementById(iri).select();
    const { x1, y1, x2, y2 } = this.cy.extent();
    const { x, y } = node.position();
    if (x < x1 || x > x2 || y < y1 || y > y2) this.cy.center(node);
  }

  // The thing nearest in the direction of an arrow key; nothing if there is none.
  beside(iri, key) {
    const here = this.cy.getElementById(iri).position();
    const ahead = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
    let best, least = Infinity;
    for (const node of this.cy.nodes()) {
      const [dx, dy] = [node.position("x") - here.x, node.position("y") - here.y];
      const along = dx * ahead[0] + dy * ahead[1];
      const across = Math.abs(dx * ahead[1]) + Math.abs(dy * ahead[0]);
      if (along > 0 && across <= 2 * along && along + 2 * across < least) [best, least] = [node.id(), along + 2 * across];
    }
    return best;
  }

  // place: what stays where it is; the middle unless it is told.
  zoom(factor, place = { x: this.cy.width() / 2, y: this.cy.height() / 2 }) {
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: place });
  }

  // Looks further in a direction, by a part of the frame.
  go(x, y) {
    this.cy.panBy({ x: -x * this.cy.width(), y: -y * this.cy.height() });
  }

  whole() {
    this.cy.fit(undefined, EDGE);
  }
}
