// The SPARQL page of an exported site. A worker holds the graph and answers, so that a query can be stopped.
const SECONDS = 60;
const SHOWN = 1000;

const at = (id) => document.getElementById(id);
const [ask, query, run, save, talk, table] = ["ask", "query", "run", "save", "talk", "table"].map(at);
const words = ask.dataset;

let worker, clock, kept;

function begin() {
  worker = new Worker(new URL("sparql-worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => finish(data);
  worker.onerror = (event) => finish({ failed: event.message || "worker" });
}

function say(text, values = {}) {
  talk.textContent = text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function start() {
  if (!worker) begin();
  run.disabled = true;
  save.hidden = true;
  table.replaceChildren();
  say(words.loading);
  worker.postMessage({ query: query.value, graph: at("data").href });
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
  else if (answer.failed) say(words.failed, { reason: answer.failed });
  else show(answer);
}

function show({ text, type, ending }) {
  if (kept) URL.revokeObjectURL(kept);
  kept = URL.createObjectURL(new Blob([text], { type }));
  save.href = kept;
  save.download = `answer.${ending}`;
  save.hidden = false;
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
  table.append(grid(head.vars, rows.slice(0, SHOWN)));
}

function grid(names, rows) {
  const made = document.createElement("table");
  const top = made.createTHead().insertRow();
  for (const name of names) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    top.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const name of names) write(line.insertCell(), row[name]);
  }
  return made;
}

function write(cell, term) {
  if (!term) return;
  if (term.type === "uri" && /^https?:/.test(term.value)) {
    const link = document.createElement("a");
    link.href = term.value;
    link.textContent = term.value;
    cell.append(link);
  } else {
    cell.textContent = term.value;
    if (term["xml:lang"]) cell.lang = term["xml:lang"];
  }
}

const given = new URLSearchParams(location.search).get("query");
if (given) query.value = given;
run.addEventListener("click", start);
ask.hidden = false;
if (given) start();
