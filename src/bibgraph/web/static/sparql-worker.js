// Holds the graph of an exported site and answers queries about it, with Oxigraph in WebAssembly.
import init, { Store } from "./oxigraph/web.js";

const TABLE = { type: "application/sparql-results+json", ending: "json" };
const GRAPH = { type: "text/turtle", ending: "ttl" };

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

onmessage = async ({ data }) => {
  try {
    filling ??= fill(data.graph);
    const store = await filling;
    postMessage({ loaded: true });
    postMessage(ask(store, data.query));
  } catch (error) {
    postMessage({ failed: String(error.message ?? error) });
  }
};
