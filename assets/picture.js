// The picture: things as signs, what they are called below them, lines that say by which property.
import cytoscape from "cytoscape";
import { look } from "./shapes.js";

const TOKENS = ["paper", "wash", "blue-wash", "mark", "ink", "ink-2", "blue", "field"];
const LONGEST = 60;
const MOST_STRETCH = 2.2;

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
        "text-max-width": 130,
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
        "text-rotation": "autorotate",
        "text-background-color": of.paper,
        "text-background-opacity": 0.85,
      },
    },
    { selector: "core", style: { "active-bg-opacity": 0, "selection-box-opacity": 0 } },
  ];
}

const clip = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

export class Picture {
  // chosen: told the IRI of a thing that was clicked.
  constructor(container, chosen) {
    this.cy = cytoscape({
      container,
      style: style(),
      userZoomingEnabled: false,
      userPanningEnabled: matchMedia("(pointer: fine)").matches,
      boxSelectionEnabled: false,
      selectionType: "single",
      minZoom: 0.15,
      maxZoom: 3,
    });
    this.cy.on("tap", "node", (event) => chosen(event.target.id()));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.cy.style(style()));
    new ResizeObserver(() => this.cy.resize().fit(undefined, 30)).observe(container);
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
        data: { id: each.iri, short: clip(each.name), look: looks(each.kind) },
        position: { x: place.x + aside * Math.cos(angle), y: place.y + aside * Math.sin(angle) },
      });
    });
    for (const bond of bonds) for (const other of bond.things) this.join(thing, other, bond);
    this.cy.getElementById(thing).data("open", 1);
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
    this.stretch();
    this.cy.fit(undefined, 30);
  }

  // As broad or as high as the frame is, which leaves more room for names.
  stretch() {
    const { w, h } = this.cy.nodes().boundingBox({ includeLabels: false });
    const factor = this.cy.width() / this.cy.height() / (w / h);
    const [x, y] = factor > 1 ? [Math.min(factor, MOST_STRETCH), 1] : [1, Math.min(1 / factor, MOST_STRETCH)];
    if (Number.isFinite(x * y)) this.cy.nodes().positions((node) => ({ x: node.position("x") * x, y: node.position("y") * y }));
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

  zoom(factor) {
    const middle = { x: this.cy.width() / 2, y: this.cy.height() / 2 };
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: middle });
  }

  whole() {
    this.cy.fit(undefined, 30);
  }
}
