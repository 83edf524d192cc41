// Holds the graph of an exported site and answers queries about it, with Oxigraph in WebAssembly.
import init, { Store } from "./assets/oxigraph/web.js";

const SHOWN = 1000;
const TABLE = { type: "application/sparql-results+json", ending: "json" };
const GRAPH = { type: "text/turtle", ending: "ttl", graph: true };

let filling;

// Every triple once more in the default graph: as a union of graphs it would count a triple once for each.
async function fill(address) {
  const [answer] = await Promise.all([fetch(address), init()]);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const store = new Store();
  store.load(await answer.text(), { format: "application/n-quads" });
  const names = store.query("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }");
  for (const row of names) store.update(`ADD GRAPH <${row.get("graph").value}> TO DEFAULT`);
  return store;
}

// A query that yields triples cannot be written as a table; what neither can be is told as the table's fault.
function ask(store, text) {
  try {
    return write(store, text, TABLE);
  } catch (error) {
    try {
      return write(store, text, GRAPH);
    } catch {
      throw error;
    }
  }
}

function write(store, text, form) {
  return { text: store.query(text, { results_format: form.type }), ...form };
}

// What the things of an answer are called, by IRI: the best name by its rank and language, as on all pages.
function names(store, answer, { labels, nearest }) {
  const found = new Map();
  if (answer.ending !== "json") return found;
  const rows = JSON.parse(answer.text).results?.bindings.slice(0, SHOWN) ?? [];
  const things = new Set(rows.flatMap(Object.values).filter((term) => term.type === "uri").map((term) => `<${term.value}>`));
  if (!things.size) return found;
  const far = (tag) => (nearest.includes(tag) ? nearest.indexOf(tag) : nearest.length);
  for (const row of store.query(labels.replace("VALUES ?thing { }", `VALUES ?thing { ${[...things].join(" ")} }`))) {
    const [iri, label, rank] = [row.get("thing").value, row.get("label"), Number(row.get("rank").value)];
    const order = [Math.floor(rank / 10), far(label.language), rank, label.value];
    const known = found.get(iri);
    if (!known || before(order, known.order)) found.set(iri, { order, text: label.value, language: label.language });
  }
  return found;
}

function before(one, other) {
  const place = one.findIndex((each, number) => each !== other[number]);
  return place >= 0 && one[place] < other[place];
}

onmessage = async ({ data }) => {
  try {
    filling ??= fill(data.graph);
    const store = await filling;
    postMessage({ loaded: true });
    if (data.form) return postMessage({ ...write(store, data.query, data.form), saved: true });
    const answer = ask(store, data.query);
    postMessage({ ...answer, names: names(store, answer, data) });
  } catch (error) {
    postMessage({ failed: String(error.message ?? error) });
  }
};
