"""Pages about things: what each kind shows, and that every statement has its evidence beside it."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest

from bibgraph.web.documents.sections import all_sections, fill, read_sections
from bibgraph.web.parts.display import edtf_text
from pages_world import VERSION, page, real_app, real_graph

MEASURE = "/doc/measure/2023-2025/14"
KINDS = (
    "measure/2023-2025/14",
    "measure/2023-2025/ii-10",
    "strategy/2023-2025",
    "strategy/2020-2023",
    "main-line/infrastruktur",
    "unit/bibliotekutvikling",
    "organisation/nasjonalbiblioteket",
    "project/samlingsforvaltning-i-endring",
    "law/folkebibliotekloven",
    "law/folkebibliotekloven/1",
    "service/metadatabronnen",
    "report/2025-10-14",
    "approach/regional-kompetanseheving",
    "step/regional-kompetanseheving/1",
    "fund/utviklingsmidler",
    "milestone/2025-10-14/14-4",
    "quotation/statusrapport-2025-10-14/145-150",
    "code/closed",
)


def test_every_section_is_told_in_three_languages_and_has_its_template() -> None:
    found = [each for each in read_sections(real_graph().repository) if each.shows]
    assert len(found) > 10
    for section in found:
        template = f"src/bibgraph/web/templates/sections/{section.shows}.html"
        assert section.shows == "where" or (real_graph().repository.root / template).is_file(), section.name
        if section.shows != "where":
            assert set(section.titles) == {"nb", "nn", "en"}, section.name
        assert "VALUES ?thing { }" in section.text, section.name


def test_what_is_not_filled_in_is_left_open() -> None:
    assert (
        fill("VALUES ?thing { } VALUES ?on { }", thing=[]) == "VALUES ?thing { UNDEF } VALUES ?on { UNDEF }"
    )


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_each_kind_of_thing_has_a_sound_page(key: str, language: str) -> None:
    text = page(f"/doc/{key}", language)
    assert len(re.findall(r"<h1\b", text)) == 1
    assert len(text.encode()) < 150_000
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert "{{" not in re.sub(r"<pre\b.*?</pre>", "", text, flags=re.DOTALL)  # BibTeX has them
    assert not re.search(r">\s*None\s*<|<Literal|<NamedNode|Message\(", text)


def test_a_measure_says_its_words_its_place_and_who_answers_as_printed() -> None:
    text = page(MEASURE)
    assert '<blockquote class="lead" lang="nb">Nasjonalbiblioteket skal realisere' in text
    assert 'href="/id/main-line/infrastruktur?lang=en"' in text
    assert '<a href="/id/unit/tilvekst-og-kunnskapsorganisering?lang=en">' in text
    assert re.search(r"Printed as <span class=\"src\" lang=\"nb\">TK</span>", text)


def test_a_status_stands_as_printed_beside_what_it_counts_as() -> None:
    text = page(MEASURE)
    row = re.search(r"<tr><td><a href=\"/id/report/2025-10-14.*?</tr>", text, re.DOTALL)
    assert row
    assert '<span class="src" lang="nb">Avsluttet</span>' in row[0]
    assert "#mk-done" in row[0]
    assert "<mark>Avsluttet</mark>" in text


def test_silence_of_the_report_is_shown_as_silence() -> None:
    text = page("/doc/measure/2023-2025/ii-10")
    assert "No status given" in text
    assert "nothing printed" in text


def test_a_closed_measure_with_promises_is_shown_as_a_contradiction() -> None:
    text = page(MEASURE)
    assert "Reported closed, but 2 deliveries are announced for after the report date" in text
    assert "<b>november</b>" in text
    assert "Contradiction" not in page("/doc/measure/2023-2025/3")


def test_evidence_leads_to_its_lines_in_the_document() -> None:
    text = page(MEASURE)
    found = re.findall(r'class="ref" href="(/sources/[^"]+)"', text)
    assert "/sources/statusrapport-2025-10-14?lines=145-150&amp;lang=en#L145" in found


def test_milestones_are_as_wide_as_the_source_is_vague() -> None:
    text = page(MEASURE)
    assert "i løpet av første halvår 2026: half-year, announced" in text
    half_year = re.search(r'half-year, announced">.*?class="b-fut" x="[\d.]+%" width="([\d.]+)%"', text)
    month = re.search(
        r'juni \[2025\]: month, has happened">.*?class="b-past" x="[\d.]+%" width="([\d.]+)%"', text
    )
    assert half_year
    assert month
    assert 5.5 < float(half_year[1]) / float(month[1]) < 6.5


def test_from_a_measure_a_reader_goes_to_the_one_before_and_after() -> None:
    def turns(key: str) -> list[str]:
        text = page(f"/doc/measure/2023-2025/{key}").partition('<nav class="turn"')[2].partition("</nav>")[0]
        return re.findall(r'href="/id/measure/2023-2025/([\w-]+)', text)

    assert turns("14") == ["13", "15"]
    assert turns("20") == ["19", "ii-01"]
    assert turns("1") == ["2"]
    assert turns("ii-12") == ["ii-11"]


def test_what_a_source_calls_a_measure_is_told_once_with_its_lineage() -> None:
    text = page("/doc/measure/2023-2025/5")
    assert text.count("relation: Updated") == 1
    assert "relation to the previous edition" not in text.partition("What follows by reasoning")[0]
    assert "relation: " in page("/doc/measure/2023-2025/4")


def test_a_page_can_be_cited_with_the_version_of_the_graph() -> None:
    text = page(MEASURE)
    assert VERSION[:16] in text
    assert f"@misc{{bibgraph-measure-2023-2025-14-{VERSION[:12]}," in text
    day = re.search(rf"version {VERSION} \((\d{{4}})-(\d\d)-(\d\d)\)\. Licence: ", text)
    assert day
    assert f"year = {{{day[1]}}}" in text
    issued = re.sub(r"\s", "", text).partition("&#34;issued&#34;:")[2]
    assert issued.startswith(
        f"{{&#34;date-parts&#34;:[[{','.join(str(int(part)) for part in day.groups())}]]}}"
    )
    assert "&#34;URL&#34;: &#34;https://w3id.org/bibgraph/id/measure/2023-2025/14&#34;" in text


def test_a_page_leads_to_its_citation_and_to_the_feed_of_its_changes() -> None:
    text = page(MEASURE)
    assert '<a href="#cite">' in text
    assert 'id="cite"' in text
    feed = re.search(r'type="application/atom\+xml" href="(/feed/measure/2023-2025/14\.atom)\?', text)
    assert feed
    assert real_app().test_client().get(feed[1]).mimetype == "application/atom+xml"


def test_a_page_of_the_web_is_shown_as_evidence_with_how_surely_it_was_read() -> None:
    text = page("/doc/law/folkebibliotekloven")
    assert re.search(r'<a class="ref" href="https://[^"]+">page on the web</a>', text)
    assert "Read with confidence: High" in text


def test_what_a_section_tells_is_not_told_again() -> None:
    text = page(MEASURE)
    assert "Points here by" not in re.sub(r"<section class=\"sect\">.*", "", text)
    assert not re.search(r"<h2><a class=\"quiet\"[^>]*><span>(?:main line|number)</span>", text)


def test_a_report_has_its_whole_table() -> None:
    text = page("/doc/report/2025-10-14")
    table = text[text.index('id="reported"') :]
    assert len(re.findall(r"<tr><th scope=\"row\">", table.partition("</table>")[0])) == 32


def test_each_row_of_a_report_leads_to_its_lines() -> None:
    table = page("/doc/report/2025-10-14").partition('id="reported"')[2].partition("</table>")[0]
    assert table.count('class="ref" href="/sources/statusrapport-2025-10-14?lines=') >= 32


def test_sections_of_a_law_stand_in_its_order() -> None:
    listed = page("/doc/law/folkebibliotekloven").partition("In the law</h2>")[2].partition("</section>")[0]
    numbers = [int(number) for number in re.findall(r"§ (\d+)", re.sub("<[^>]+>", "", listed))]
    assert len(numbers) > 10
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2014-01-01/..", "from 1 Jan 2014"),
        ("../2008", "until 2008"),
        ("/2008", "until 2008"),
        ("2020/2023", "2020–2023"),
        ("2020/2023-06-30", "2020–30 Jun 2023"),
        ("2009?", "2009 (uncertain)"),
        ("2009~", "about 2009"),
        ("2025-06", "June 2025"),
        ("2025-21", ""),
        ("0000-05", ""),
        ("../..", ""),
        ("", ""),
    ],
)
def test_dates_and_periods_are_told_in_words(edtf: str, words: str) -> None:
    assert edtf_text(edtf, "en") == words


def test_headers_of_page_queries_name_known_prefixes_only() -> None:
    named = [iri for each in all_sections(real_graph().repository) for iri in each.classes | each.covers]
    assert named
    assert all(iri == "*" or iri.startswith("http") for iri in named)


def test_the_way_to_a_measure_names_its_strategy_and_no_key() -> None:
    way = page(MEASURE, "nb").partition('<nav class="crumbs')[2].partition("</nav>")[0]
    assert ">Utvidet nasjonalbibliotekstrategi 2023-2025<" in way
    assert "<code>" not in way


def test_what_a_source_states_is_in_its_voice_although_no_line_is_held() -> None:
    text = page("/doc/project/formidling-i-bibliotek", "nb")
    assert '<span class="src" lang="nb">Folkebibliotekene i Troms</span>' in text


def test_evidence_from_the_newest_source_comes_first() -> None:
    text = page("/doc/measure/2023-2025/16", "nb")
    assert text.index("/sources/statusrapport-2025-10-14") < text.index("/sources/kompetanse-deck")


_CSL = {
    *("id", "type", "title", "author", "publisher", "container-title", "version", "URL", "issued", "note"),
    *("language", "accessed"),
}


@pytest.mark.parametrize("key", KINDS)
def test_citations_are_csl_json(key: str) -> None:
    shown = page(f"/doc/{key}").partition('aria-label="CSL-JSON">')[2].partition("</pre>")[0]
    [item] = json.loads(html.unescape(shown))
    assert set(item) <= _CSL
    assert item["type"] == "dataset"
    assert all(item["author"])
    assert all(set(name) <= {"literal", "family", "given"} for name in item["author"])
    texts = [value for name, value in item.items() if name not in ("author", "issued", "accessed")]
    assert all(isinstance(text, str) and text for text in texts)
    [parts] = item["issued"]["date-parts"]
    assert dt.date(*parts).isoformat()
