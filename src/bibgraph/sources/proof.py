"""The proofs: a document is the one that was read, and words said to stand in it do stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bibgraph.findings import Finding, Severity
from bibgraph.messages import Message, message
from bibgraph.namespaces import shorten
from bibgraph.sources.documents import Document, Quotation, Sources, VerbatimValue
from bibgraph.sources.matching import Words, difference, spans

Lines = list[tuple[int, int]]


def prove(sources: Sources) -> list[Finding]:
    """Every document, quotation and verbatim value that is not as the graph says: all of them Violations."""
    findings = [*_prove_documents(sources.documents.values())]
    for quotation in sources.quotations.values():
        findings.extend(_prove_quotation(quotation, sources.documents.get(quotation.document)))
    for value in sources.values:
        findings.extend(_prove_value(value, sources))
    return findings


def _violation(rule: str, thing: str, sentence: Message, *, path: str = "", value: str = "") -> Finding:
    return Finding(rule, Severity.VIOLATION, sentence, thing=thing, path=path, value=value)


def _prove_documents(documents: Iterable[Document]) -> Iterator[Finding]:
    for document in documents:
        if not document.sha256:
            yield _violation(
                "document-file",
                document.iri,
                message("The text of the document is not to be found: {file}.", file=document.file or "–"),
            )
        elif not document.lines:
            yield _violation(
                "document-file", document.iri, message("{file} is not UTF-8 text.", file=document.file)
            )
        if document.sha256 and document.sha256 != document.stated:
            yield _violation(
                "document-hash",
                document.iri,
                message(
                    "{file} is not the text that was read. Its SHA-256 is {found}, and {stated} is stated. "
                    "Take the original back; or, if the text was replaced, check the quotations and state "
                    "the new sum.",
                    file=document.file,
                    found=document.sha256,
                    stated=document.stated or "–",
                ),
            )


def _prove_quotation(quotation: Quotation, document: Document | None) -> Iterator[Finding]:
    if document is None or not document.lines:
        yield _violation(
            "quotation-without-document",
            quotation.iri,
            message("The quotation names no document whose text can be read, so it cannot be proved."),
        )
        return
    if not document.holds(quotation.first, quotation.last):
        yield _violation(
            "quotation-lines",
            quotation.iri,
            message(
                "{file} has no lines {first}–{last}; it has {count} lines.",
                file=document.file,
                first=quotation.first,
                last=quotation.last,
                count=len(document.lines),
            ),
        )
        return
    yield from _compare(quotation, document)
    for word in quotation.broken:
        if word not in " ".join(quotation.text.split()):
            yield _violation(
                "broken-word",
                quotation.iri,
                message("The word «{word}» is named as broken but is not in the quotation.", word=word),
                value=word,
            )


def _compare(quotation: Quotation, document: Document) -> Iterator[Finding]:
    words = Words.of(quotation.text, quotation.broken)
    text = document.text(quotation.first, quotation.last)
    starts = range(len(document.lines[quotation.first - 1]) + 1)
    last_line = len(text) - len(document.lines[quotation.last - 1])
    if any(span.end > last_line for span in spans(text, words, starts)):
        return
    elsewhere = _elsewhere(words, document)
    if elsewhere:
        yield _violation(
            "quotation-misplaced",
            quotation.iri,
            message(
                "The words are said to stand in lines {first}–{last} of {file}; they stand in {found}.",
                first=quotation.first,
                last=quotation.last,
                file=document.file,
                found=show_lines(elsewhere),
            ),
        )
        return
    parting = difference(text, words, starts)
    yield _violation(
        "quotation-differs",
        quotation.iri,
        message(
            "The quotation is not what stands in lines {first}–{last} of {file}. They part in line {line}: "
            "the quotation has «{wanted}», the document «{found}».",
            first=quotation.first,
            last=quotation.last,
            file=document.file,
            line=quotation.first + text.count("\n", 0, parting.offset),
            wanted=parting.wanted,
            found=parting.found,
        ),
    )


def _elsewhere(words: Words, document: Document) -> Lines:
    """The lines at which the words stand in the document."""
    text = "\n".join(document.lines)
    return [
        (text.count("\n", 0, span.start) + 1, text.count("\n", 0, span.end - 1) + 1)
        for span in spans(text, words, range(len(text)))
    ]


def _prove_value(value: VerbatimValue, sources: Sources) -> Iterator[Finding]:
    shown = {"path": shorten(value.property), "value": str(value.value)}
    if not value.quotations:
        yield _violation(
            "verbatim-without-evidence",
            value.thing,
            message("These are words of a source, but no quotation shows where they stand."),
            **shown,
        )
        return
    cited = [sources.quotations[iri] for iri in value.quotations if iri in sources.quotations]
    passages = list(_passages(cited, sources.documents))
    if not passages:
        return  # The fault is the quotation's, and is told there.
    words = Words.of(value.value.value, (word for quotation in cited for word in quotation.broken))
    if any(True for _, _, text in passages for _ in spans(text, words, range(len(text)))):
        return
    document, lines, text = passages[0]
    parting = difference(text, words, range(len(text)))
    yield _violation(
        "verbatim-differs",
        value.thing,
        message(
            "These words do not stand in the lines cited, {lines} of {file}. The nearest passage parts in "
            "line {line}: the value has «{wanted}», the document «{found}».",
            lines=show_lines(lines),
            file=document.file,
            line=_numbers(lines)[text.count("\n", 0, parting.offset)],
            wanted=parting.wanted,
            found=parting.found,
        ),
        **shown,
    )


def _passages(
    cited: Iterable[Quotation], documents: dict[str, Document]
) -> Iterator[tuple[Document, Lines, str]]:
    """Per document: the lines that the quotations cover, in order, and their text with the rest left out."""
    by_document: dict[str, Lines] = {}
    for quotation in cited:
        document = documents.get(quotation.document)
        if document and document.holds(quotation.first, quotation.last):
            by_document.setdefault(document.iri, []).append((quotation.first, quotation.last))
    for iri, ranges in sorted(by_document.items()):
        lines = merge(ranges)
        yield documents[iri], lines, "\n".join(documents[iri].text(*each) for each in lines)


def merge(ranges: Iterable[tuple[int, int]]) -> Lines:
    """Ranges of lines in order, those that touch or overlap as one."""
    merged: Lines = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _numbers(lines: Lines) -> list[int]:
    return [number for first, last in lines for number in range(first, last + 1)]


def show_lines(lines: Lines) -> str:
    """Ranges as people write them: ``4–6, 9``."""
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in lines)
