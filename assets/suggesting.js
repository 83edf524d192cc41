// Suggests words while a query is written: the graph's own, by their prefixed name or by what they are called.
import { syntaxTree } from "@codemirror/language";

const KEYWORDS = (
  "SELECT DISTINCT WHERE CONSTRUCT DESCRIBE ASK FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER BIND VALUES SERVICE EXISTS " +
  "GROUP ORDER HAVING LIMIT OFFSET ASC DESC COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR PREFIX BASE " +
  "STR LANG LANGMATCHES DATATYPE BOUND COALESCE CONCAT STRLEN SUBSTR UCASE LCASE STRSTARTS STRENDS CONTAINS STRBEFORE " +
  "STRAFTER REPLACE REGEX STRLANG STRDT SAMETERM ISIRI ISBLANK ISLITERAL ISNUMERIC YEAR MONTH DAY ABS ROUND CEIL FLOOR NOT"
).split(" ");
const WORD = /[?$]?[\p{L}\p{N}_-]*(?::[\p{L}\p{N}_-]*)?$/u;
const DECLARING = /PREFIX\s+[\p{L}\p{N}_-]*$/iu;
const WHOLE = /"[^"]*"|'[^']*'|<[^\s<>]*>/g;
const WITHIN = /["'#]|<[^\s<>]*$/; // a string, a comment or an address that has been begun and not ended
const DECLARED = /^\s*PREFIX\s+([\p{L}\p{N}_-]*):/gimu;
const QUIET = /^(?:Comment|String|IriRef)$/;
const MOST = 80;
const RANKS = { property: 1, class: 1, code: 0 };

const folded = (text) => text.normalize("NFD").replace(/[\u0300\u0301\u0302]/g, "").toLowerCase();

export class Suggestions {
  constructor(address) {
    this.address = address;
    this.complete = (context) => this.find(context);
    this.prefixes = {};
  }

  // Once, and early: the words are asked for when the reader comes to the editor.
  load() {
    this.loaded ??= this.fetch().catch(() => {
      this.loaded = undefined; // and again when the reader writes on
      return { prefixes: {}, words: [] };
    });
    return this.loaded;
  }

  async fetch() {
    const answer = await fetch(this.address);
    if (!answer.ok) throw new Error(String(answer.status));
    const { prefixes, words } = await answer.json();
    const known = words.map((each) => ({ ...each, key: folded(`${each.word} ${each.name ?? ""}`) }));
    this.prefixes = prefixes;
    return { prefixes, words: known };
  }

  async find(context) {
    const found = context.matchBefore(WORD);
    if (!found || (found.from === found.to && !context.explicit)) return null;
    if (QUIET.test(syntaxTree(context.state).resolveInner(found.from, 1).name)) return null;
    const text = context.state.doc.toString();
    if (DECLARING.test(text.slice(0, context.pos))) return { from: found.from, options: await this.declarations(found.text) };
    const options = /^[?$]/.test(found.text) ? variables(text, found) : await this.words(text, found.text);
    return options.length ? { from: found.from, options, filter: false } : null;
  }

  async declarations(typed) {
    const { prefixes } = await this.load();
    const named = Object.entries(prefixes).filter(([prefix]) => prefix.startsWith(typed));
    return named.map(([prefix, iri]) => ({ label: `${prefix}: <${iri}>` }));
  }

  // The line that a prefix needs, if it is one of ours, stands before the place, and is not declared yet.
  missing(state, place) {
    const prefix = /[\p{L}\p{N}_-]+(?=:$)/u.exec(state.doc.sliceString(Math.max(0, place - 40), place))?.[0] ?? "";
    const text = state.doc.toString();
    const known = Object.hasOwn(this.prefixes, prefix) && ![...text.matchAll(DECLARED)].some((each) => each[1] === prefix);
    const before = state.doc.lineAt(place).text.slice(0, place - state.doc.lineAt(place).from - 1);
    const said = !DECLARING.test(before) && !WITHIN.test(before.replace(WHOLE, ""));
    return known && said ? declaration(prefix, this.prefixes) : "";
  }

  async words(text, typed) {
    const { prefixes, words } = await this.load();
    const sought = folded(typed);
    const declared = new Set([...text.matchAll(DECLARED)].map((each) => each[1]));
    const fits = words.map((each) => [fit(each.key, sought), each]).filter(([rank]) => rank);
    fits.sort(([a, one], [b, other]) => b - a || RANKS[other.role] - RANKS[one.role] || one.word.length - other.word.length);
    const keywords = typed ? KEYWORDS.filter((each) => each.toLowerCase().startsWith(sought)) : [];
    return [
      ...keywords.map((label) => ({ label, boost: 1 })),
      ...fits.slice(0, MOST).map(([, each]) => option(each, prefixes, declared)),
    ];
  }
}

const declaration = (prefix, prefixes) => `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;

function variables(text, found) {
  const others = new Set(text.slice(0, found.from).concat(" ", text.slice(found.to)).match(/[?$][\p{L}\p{N}_]+/gu));
  return [...others].filter((each) => each.startsWith(found.text) && each !== found.text).map((label) => ({ label }));
}

// How well a word fits: its beginning, the beginning of one of its parts, or anywhere.
function fit(key, sought) {
  const place = key.indexOf(sought);
  if (place < 0) return 0;
  return place === 0 ? 3 : /[\p{L}\p{N}]/u.test(key[place - 1]) ? 1 : 2;
}

function option({ word, name, about }, prefixes, declared) {
  const prefix = word.split(":")[0];
  return {
    label: word,
    detail: name,
    info: about || undefined,
    apply(view, _, from, to) {
      const missing = declared.has(prefix) ? "" : declaration(prefix, prefixes);
      view.dispatch({
        changes: [...(missing ? [{ from: 0, insert: missing }] : []), { from, to, insert: word }],
        selection: { anchor: from + missing.length + word.length },
        userEvent: "input.complete",
      });
    },
  };
}
