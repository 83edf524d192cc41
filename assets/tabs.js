// The reader's queries as tabs, kept in this browser.
const PLACE = "bibgraph.sparql";
const LONGEST_NAME = 40;

function kept() {
  try {
    const { texts, current } = JSON.parse(localStorage.getItem(PLACE));
    const sound = texts.length > 0 && texts.every((each) => typeof each === "string") && texts[current] !== undefined;
    return sound ? { texts, current } : null;
  } catch {
    return null;
  }
}

// list: the element for the tabs. panel: what they are of. words: texts on the page. chosen: told another text.
export class Tabs {
  constructor(list, panel, words, chosen) {
    Object.assign(this, { list, panel, words, chosen }, kept() ?? { texts: [], current: 0 });
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", words.tabs);
    panel.setAttribute("role", "tabpanel");
    list.addEventListener("keydown", (event) => this.pressed(event));
  }

  get text() {
    return this.texts[this.current] ?? "";
  }

  name(number) {
    const own = /^\s*#+\s*(.+)/.exec(this.texts[number])?.[1].trim();
    if (!own) return this.words.numbered.replace("{number}", number + 1);
    return own.length > LONGEST_NAME ? `${own.slice(0, LONGEST_NAME - 1)}…` : own;
  }

  // The text as it is written on.
  write(text) {
    const before = this.name(this.current);
    this.texts[this.current] = text;
    this.keep();
    if (this.name(this.current) !== before) this.draw();
  }

  // A text of its own, unless there is a tab with it.
  open(text) {
    const there = this.texts.indexOf(text);
    this.choose(there < 0 ? this.texts.push(text) - 1 : there);
  }

  choose(number) {
    this.current = number;
    this.keep();
    this.draw();
    this.chosen(this.text);
  }

  close(number = this.current) {
    this.texts.splice(number, 1);
    if (!this.texts.length) this.texts.push("");
    this.choose(Math.min(number < this.current ? this.current - 1 : this.current, this.texts.length - 1));
  }

  keep() {
    try {
      localStorage.setItem(PLACE, JSON.stringify({ texts: this.texts, current: this.current }));
    } catch {
      // A browser that keeps nothing for a site still lets queries be written.
    }
  }

  draw() {
    const inside = this.list.contains(document.activeElement);
    this.list.replaceChildren(...this.texts.map((_, number) => this.tab(number)));
    this.panel.setAttribute("aria-labelledby", `tab-${this.current}`);
    const shown = this.list.children[this.current];
    this.list.scrollTop = shown.offsetTop - this.list.offsetTop;
    if (inside) shown.focus();
  }

  tab(number) {
    const made = document.createElement("button");
    const selected = number === this.current;
    Object.assign(made, { type: "button", id: `tab-${number}`, textContent: this.name(number), tabIndex: selected ? 0 : -1 });
    made.setAttribute("role", "tab");
    made.setAttribute("aria-selected", String(selected));
    made.setAttribute("aria-controls", this.panel.id);
    made.addEventListener("click", () => this.choose(number));
    return made;
  }

  pressed(event) {
    const last = this.texts.length - 1;
    const places = { ArrowLeft: this.current - 1, ArrowRight: this.current + 1, Home: 0, End: last };
    if (event.key === "Delete") this.close();
    else if (event.key in places) this.choose((places[event.key] + last + 1) % (last + 1));
    else return;
    event.preventDefault();
  }
}
