// Tables whose rows can be sorted by a column and narrowed by words, as their reader wishes. Nothing is remembered.
const compared = new Intl.Collator("nb", { numeric: true });
const FEW = 10;

// What a cell says for sorting: its value, where the words are written for people, else its words.
function said(cell, number) {
  const words = cell.dataset.value ?? cell.querySelector("time")?.dateTime ?? cell.textContent.trim();
  const told = number ? Number(words) : words;
  return words === "" || Number.isNaN(told) ? "" : told;
}

// The rows by a column; those that say nothing there are last both ways.
function sorted(rows, column, number, down) {
  const found = rows.map((row) => [said(row.cells[column], number), row]);
  const some = found.filter(([value]) => value !== "");
  some.sort(([one], [other]) => (down ? -1 : 1) * (number ? one - other : compared.compare(one, other)));
  return [...some, ...found.filter(([value]) => value === "")].map(([, row]) => row);
}

// words: what it is called on the page, sort and narrow.
export function sortable(table, words) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = Object.assign(document.createElement("button"), { type: "button", title: words.sort });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.replaceChildren(...sorted([...body.rows], column, head.classList.contains("num"), down));
    });
  });
  if (words.narrow && body.rows.length > FEW) table.closest(".scroll").before(narrowing(body, words));
}

// A field for words that the rows have to hold.
function narrowing(body, words) {
  const field = Object.assign(document.createElement("input"), { type: "search" });
  const label = document.createElement("label");
  label.className = "narrow";
  label.append(words.narrow, field);
  field.addEventListener("input", () => {
    const sought = field.value.toLocaleLowerCase("nb").split(/\s+/).filter(Boolean);
    for (const row of body.rows) {
      const text = row.textContent.toLocaleLowerCase("nb");
      row.hidden = !sought.every((word) => text.includes(word));
    }
  });
  return label;
}

document.querySelectorAll("table[data-sort]").forEach((table) => sortable(table, table.dataset));
