# A report that prints a measure in the words it became known by says nothing of them.
DELETE { obs:1 bg:wording ?words }
WHERE { obs:1 bg:wording ?words }
