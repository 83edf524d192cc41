// The SPARQL page of an exported site. A worker holds the graph and answers, so that a query can be stopped.
const SECONDS = 60;
const SHOWN = 1000;

const at = (id) => document.getElementById(id);
const [ask, query, run, save, talk, table] = ["ask", "query", "run", "save", "talk", "table"].map(at);
const words = ask.dataset;

let worker, clock, asked;

function begin() {
  worker = new Worker(new URL("sparql-worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => finish(data);
  worker.onerror = (event) => finish({ failed: event.message || "worker" });
}

function say(text, values = {}) {
  talk.textContent = text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function start() {
  save.hidden = true;
  table.replaceChildren();
  asked = query.value;
  send({});
}

// form: the format to save the last answer in; without one it is shown.
function send({ form }) {
  if (!worker) begin();
  run.disabled = true;
  say(words.loading);
  const { labels, nearest } = words;
  worker.postMessage({ query: asked, form, labels, nearest: nearest.split(" "), graph: at("data").href });
  clock = setTimeout(() => {
    worker.terminate();
    worker = undefined;
    finish({ stopped: true });
  }, SECONDS * 1000);
}

function finish(answer) {
  if (answer.loaded) return say(words.asking);
  clearTimeout(clock);
  run.disabled = false;
  if (answer.stopped) say(words.stopped, { seconds: SECONDS });
  else if (answer.failed) fail(answer.failed);
  else if (answer.saved) keep(answer);
  else show(answer);
}

function fail(reason) {
  say(words.failed, { reason });
  document.dispatchEvent(new CustomEvent("query-failed", { detail: reason }));
}

function keep({ text, type, ending }) {
  say("");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = `answer.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SECONDS * 1000);
}

function show({ text, ending, graph, names }) {
  save.hidden = false;
  for (const each of save.querySelectorAll("button")) each.hidden = (each.dataset.graph === "yes") !== Boolean(graph);
  if (ending !== "json") {
    const pre = document.createElement("pre");
    pre.textContent = text;
    table.append(pre);
    return say("");
  }
  const { head, results, boolean } = JSON.parse(text);
  if (boolean !== undefined) return say(boolean ? words.yes : words.no);
  const rows = results.bindings;
  const cut = rows.length > SHOWN ? ` ${words.cut}` : "";
  say(words.rows + cut.replace("{count}", SHOWN), { count: rows.length });
  table.append(grid(head.vars, rows.slice(0, SHOWN), names));
}

function grid(columns, rows, names) {
  const made = document.createElement("table");
  const top = made.createTHead().insertRow();
  for (const name of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    top.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const name of columns) write(line.insertCell(), row[name], names);
  }
  return made;
}

function write(cell, term, names) {
  if (!term) return;
  if (term.type === "uri" && /^https?:/.test(term.value)) {
    const link = document.createElement("a");
    [link.href, link.textContent] = place(term.value);
    const name = names.get(term.value);
    if (name) Object.assign(link, { textContent: name.text, lang: name.language });
    cell.append(link);
  } else {
    cell.textContent = term.value;
    if (term["xml:lang"]) cell.lang = term["xml:lang"];
  }
}

// Where an IRI leads, and what stands for it: things and terms of ours have pages on this site.
function place(iri) {
  if (!iri.startsWith(words.base)) return [iri, iri];
  const tail = iri.slice(words.base.length);
  if (tail.startsWith("id/")) return [`doc/${tail.slice(3)}.html`, tail.slice(3)];
  if (tail.startsWith("graph/")) return [`${tail}.html`, tail];
  return [tail.startsWith("ontology#") ? tail.replace("#", ".html#") : iri, tail];
}

const given = new URLSearchParams(location.search).get("query");
if (given) query.value = given;
run.addEventListener("click", start);
for (const each of save.querySelectorAll("button")) {
  each.addEventListener("click", () => send({ form: { type: each.dataset.type, ending: each.dataset.ending } }));
}
ask.hidden = false;
if (given) start();
