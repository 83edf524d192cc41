// The editor of the SPARQL page. The form works without it; here it gets colours, suggestions, tabs and marked errors.
import { Answering } from "./answering.js";
import { sortable } from "../src/bibgraph/web/static/sorting.js";
import { Suggestions } from "./suggesting.js";
import { Surface } from "./surface.js";
import { Tabs } from "./tabs.js";

const at = (id) => document.getElementById(id);
const [ask, area, run] = ["ask", "query", "run"].map(at);
const words = ask.dataset;

function made(tag, parts, ...inside) {
  const element = Object.assign(document.createElement(tag), parts);
  element.append(...inside);
  return element;
}

const host = made("div", { className: "surface" });
const list = made("div", { className: "tabs" });
const add = made("button", { type: "button", className: "btn quiet", textContent: words.new });
const drop = made("button", { type: "button", className: "btn quiet", textContent: words.close });
const full = made("button", { type: "button", className: "btn quiet", textContent: words.full });
const panel = made("div", { id: "sheet" }, host);
const keys = made("p", { className: "note", textContent: words.keys });
const editor = made("div", { className: "whole editor" }, made("div", { className: "bar" }, list, add, drop, full), panel, keys);

const suggestions = new Suggestions(at("words").href);
const surface = new Surface(host, {
  name: words.name,
  suggested: words.suggested,
  complete: suggestions.complete,
  missing: (state, place) => suggestions.missing(state, place),
  changed: written,
  ask: () => run.click(),
});
const tabs = new Tabs(list, panel, words, (text) => {
  surface.text = text;
  area.value = text;
});

function written(text) {
  area.value = text;
  tabs.write(text);
  surface.clear();
}

// The place of an error, if the message tells one: «2:8» with the site, «at 2:8» with the engine in the browser.
function mark(place, message) {
  const found = /(\d+):(\d+)/.exec(place ?? "");
  if (!found) return;
  const [line, column] = found.slice(1).map(Number);
  surface.mark(line, column, message);
}

// What an answer has with a script: the place of an error, a table that can be sorted. Tells the error, if there is one.
function dressed(outcome) {
  const told = outcome.querySelector("[data-at]");
  if (told) mark(told.dataset.at, told.querySelector("p").textContent);
  const table = outcome.querySelector("table.answer");
  if (table && !outcome.querySelector(".cap")) sortable(table, words); // of a part of the rows, the order would mislead
  return told;
}

function answered(outcome) {
  if (dressed(outcome)) return surface.focus();
  const heading = outcome.querySelector("h1, h2");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus();
  }
}

// The query behind a ready question stands on the page of the question.
async function example(event) {
  const link = event.target.closest("a[data-example]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    const text = page.getElementById("sparql").closest("section").querySelector("pre").textContent;
    tabs.open(`# ${link.textContent.trim()}\n${text}`);
    ask.scrollIntoView();
    surface.focus();
  } catch {
    location.assign(link.href); // a question that has to be told something first
  }
}

area.closest("div").replaceWith(editor);
area.hidden = true;
area.required = false;
editor.append(area);
host.addEventListener("focusin", () => suggestions.load());
add.addEventListener("click", () => (tabs.open(""), surface.focus()));
drop.addEventListener("click", () => (tabs.close(), surface.focus()));
full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", () => host.requestFullscreen().then(() => surface.focus()));
document.addEventListener("click", example);
at("how").hidden = false;

const given = new URLSearchParams(location.search).get("query");
if (given) tabs.open(given);
else if (tabs.texts.length) tabs.choose(tabs.current);
else tabs.open(area.value);

if (ask instanceof HTMLFormElement) {
  const talk = made("p", { className: "note" });
  talk.setAttribute("role", "status");
  ask.after(talk);
  new Answering(ask, run, words, talk, answered);
  if (at("outcome").children.length) dressed(at("outcome"));
}
document.addEventListener("query-failed", ({ detail }) => mark(detail, detail));
