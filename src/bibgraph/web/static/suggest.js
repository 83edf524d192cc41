// Suggestions while typing: a combobox with a list, as ARIA 1.2 has it. Without this script the form works as it is.
const WAIT = 120;

// field: where is written. words: of the element that says where suggestions come from. picked: told the one chosen.
function combobox(field, words, picked) {
  const list = document.createElement("ul");
  const talk = document.createElement("p");
  list.id = `${field.id}-list`;
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.label);
  talk.className = "vh";
  talk.setAttribute("role", "status");
  field.after(list, talk);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) field.setAttribute(name, value);

  let chosen = -1, timer, asked = 0;

  function close() {
    chosen = -1;
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const options = [...list.children];
    chosen = (place + options.length) % options.length;
    options.forEach((option, number) => option.setAttribute("aria-selected", number === chosen));
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  function option([name, kind, address, language], number) {
    const item = document.createElement("li");
    const [called, about] = [document.createElement("span"), document.createElement("span")];
    item.id = `${list.id}-${number}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.address = address;
    called.textContent = name;
    if (language && language !== document.documentElement.lang) called.lang = language;
    about.className = "tag";
    about.textContent = kind;
    item.append(called, " ", about);
    return item;
  }

  async function offer() {
    const begun = field.value.trim();
    const mine = ++asked;
    if (begun.length < 2) return close();
    const address = new URL(words.suggest, location.href);
    address.searchParams.set("q", begun);
    const answer = await fetch(address);
    if (!answer.ok || mine !== asked) return;
    const [, names, kinds, addresses, { languages }] = await answer.json();
    if (mine !== asked || document.activeElement !== field) return;
    close();
    list.replaceChildren(...names.map((name, number) => option([name, kinds[number], addresses[number], languages[number]], number)));
    list.hidden = names.length === 0;
    field.setAttribute("aria-expanded", String(names.length > 0));
    talk.textContent = words.found.replace("{count}", names.length);
  }

  function pick(item) {
    close();
    picked(new URL(item.dataset.address, location.href));
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(offer, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      close();
    } else if (event.key === "ArrowDown" && list.hidden) {
      offer();
    } else if (event.key === "ArrowDown" || (event.key === "ArrowUp" && !list.hidden)) {
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      pick(list.children[chosen]);
    } else {
      return;
    }
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest('[role="option"]');
    if (item) pick(item);
  });
}

// Addresses name a host; what is served here is here, whatever the host is called from inside.
document.querySelectorAll("form[data-suggest]").forEach((form) => {
  const lang = new URL(form.dataset.suggest, location.href).searchParams.get("lang");
  combobox(form.querySelector('input[type="search"]'), form.dataset, ({ pathname, search }) => {
    location.assign(pathname + (lang ? `${search ? `${search}&` : "?"}lang=${lang}` : search));
  });
});
// A field that takes a thing: what is chosen is written as its key, the address without the part that all have.
document.querySelectorAll("input[data-suggest]").forEach((field) => {
  combobox(field, field.dataset, ({ pathname }) => {
    field.value = decodeURIComponent(pathname).replace(/^\/(?:doc|id)\//, "");
  });
});
