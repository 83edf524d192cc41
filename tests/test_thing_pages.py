"""Pages about things: what each kind shows, and that every statement has its evidence beside it."""

from __future__ import annotations

import re

import pytest

from bibgraph.web.documents.sections import all_sections, fill, read_sections
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
    month = re.search(r'juni: month, has happened">.*?class="b-past" x="[\d.]+%" width="([\d.]+)%"', text)
    assert half_year
    assert month
    assert 5.5 < float(half_year[1]) / float(month[1]) < 6.5


def test_a_page_can_be_cited_with_the_version_of_the_graph() -> None:
    text = page(MEASURE)
    assert VERSION[:16] in text
    assert f"@misc{{bibgraph-measure-2023-2025-14-{VERSION[:12]}," in text
    assert f"version {VERSION}. Licence: " in text
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


def test_headers_of_page_queries_name_known_prefixes_only() -> None:
    named = [iri for each in all_sections(real_graph().repository) for iri in each.classes | each.covers]
    assert named
    assert all(iri == "*" or iri.startswith("http") for iri in named)
