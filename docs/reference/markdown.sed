# Doxygen makes no anchors of headings, so links to them become plain text.
s|\[([^]]*)\]\(#[^)]*\)|\1|g
