// The search of an exported site: every word must occur in the name or a text of a thing, whatever its case and accents.
// Names come first; texts are fetched, a part at a time, once somebody looks for something.
const SHOWN = 100;
const AROUND = 90;

const [ask, words, talk, found, index] = ["ask", "words", "talk", "found", "index"].map((id) => document.getElementById(id));
const folded = (text) => text.normalize("NFD").replace(/[\u0300\u0301\u0302]/g, "").toLowerCase();

let loading;
let latest = 0;
const texts = [];

async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer.json();
}

async function load() {
  const parts = await json(index.href);
  const lists = await Promise.all(parts.names.map((file) => json(new URL(file, index.href))));
  const names = lists.flat().map(([file, name, language]) => ({ file, name, language, text: folded(name) }));
  return { names, waiting: parts.texts.map((file) => new URL(file, index.href)) };
}

async function more(all) {
  const url = all.waiting[0];
  const part = await json(url);
  if (all.waiting[0] !== url) return; // another search has fetched it meanwhile
  all.waiting.shift();
  texts.push(...part.map(([thing, words, language]) => ({ thing, words, language, text: folded(words) })));
}

async function search() {
  const mine = ++latest;
  const all = await (loading ??= load());
  const wanted = folded(words.value).split(/\s+/).filter(Boolean);
  if (!wanted.length) return show([], "");
  for (;;) {
    if (mine !== latest) return;
    const hits = matching(all.names, wanted);
    show(hits, told(hits.length));
    if (!all.waiting.length) return;
    await more(all);
  }
}

function matching(names, wanted) {
  const hits = new Map();
  names.forEach((one, number) => {
    if (wanted.every((word) => one.text.includes(word))) hits.set(number, { ...one });
  });
  for (const one of texts) {
    if (hits.has(one.thing)) continue;
    const name = names[one.thing];
    const inside = wanted.some((word) => one.text.includes(word));
    if (inside && wanted.every((word) => one.text.includes(word) || name.text.includes(word))) {
      hits.set(one.thing, { ...name, passage: one, wanted });
    }
  }
  return [...hits.values()];
}

function told(count) {
  const text = ask.dataset.found.replace("{count}", count);
  return count > SHOWN ? `${text} ${ask.dataset.cut.replace("{count}", SHOWN)}` : text;
}

function show(hits, text) {
  talk.textContent = text;
  found.replaceChildren(...hits.slice(0, SHOWN).map(entry));
}

function entry({ file, name, language, passage, wanted }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = new URL(file, index.href);
  link.textContent = name;
  if (language) link.lang = language;
  item.append(link);
  if (passage) item.append(cut(passage, wanted));
  return item;
}

function cut({ words, language }, wanted) {
  const shown = document.createElement("p");
  shown.className = "note";
  if (language) shown.lang = language;
  const low = words.toLowerCase();
  const places = wanted.map((word) => [low.indexOf(word), word.length]).filter(([at]) => at >= 0).sort(([a], [b]) => a - b);
  const [at, length] = places[0] ?? [0, 0];
  const from = Math.max(0, at - AROUND);
  const to = Math.min(words.length, at + length + AROUND);
  const mark = document.createElement("mark");
  mark.textContent = words.slice(at, at + length);
  shown.append((from ? "… " : "") + words.slice(from, at), mark, words.slice(at + length, to) + (to < words.length ? " …" : ""));
  return shown;
}

words.value = new URLSearchParams(location.search).get("q") ?? "";
words.addEventListener("input", search);
ask.hidden = false;
if (words.value) search();
