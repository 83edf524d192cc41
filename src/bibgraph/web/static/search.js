// The search of an exported site: every word must occur in the name, whatever its case and accents.
const SHOWN = 100;

const [ask, words, talk, found, index] = ["ask", "words", "talk", "found", "index"].map((id) => document.getElementById(id));
const folded = (text) => text.normalize("NFD").replace(/[\u0300\u0301\u0302]/g, "").toLowerCase();

let loading;

async function load() {
  const answer = await fetch(index.href);
  if (!answer.ok) throw new Error(`${answer.status} ${index.href}`);
  return (await answer.json()).map(([file, name, language]) => ({ file, name, language, text: folded(name) }));
}

async function search() {
  loading ??= load();
  const all = await loading;
  const wanted = folded(words.value).split(/\s+/).filter(Boolean);
  const hits = wanted.length ? all.filter((one) => wanted.every((word) => one.text.includes(word))) : [];
  const told = wanted.length ? ask.dataset.found.replace("{count}", hits.length) : "";
  talk.textContent = hits.length > SHOWN ? `${told} ${ask.dataset.cut.replace("{count}", SHOWN)}` : told;
  found.replaceChildren(...hits.slice(0, SHOWN).map(entry));
}

function entry({ file, name, language }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = new URL(file, index.href);
  link.textContent = name;
  if (language) link.lang = language;
  item.append(link);
  return item;
}

words.value = new URLSearchParams(location.search).get("q") ?? "";
words.addEventListener("input", search);
ask.hidden = false;
if (words.value) search();
