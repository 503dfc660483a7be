/** Version 4: what people add to volumes by hand: tags, notes, corrections with their reasons, and who annotated. */
export const curation = `
CREATE TABLE volume_tags (
  volume TEXT NOT NULL REFERENCES volumes (id),
  tag    TEXT NOT NULL CHECK (tag <> ''),
  PRIMARY KEY (volume, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX volume_tags_by_tag ON volume_tags (tag);

CREATE TABLE volume_notes (
  volume TEXT PRIMARY KEY REFERENCES volumes (id),
  notes  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every correction: what it was, what it became, and why.
CREATE TABLE volume_changes (
  id      INTEGER PRIMARY KEY,
  volume  TEXT NOT NULL REFERENCES volumes (id),
  changed TEXT NOT NULL,
  what    TEXT NOT NULL,
  before  TEXT,
  after   TEXT,
  reason  TEXT
) STRICT;
CREATE INDEX volume_changes_by_volume ON volume_changes (volume);

CREATE TABLE annotation_readers (
  annotation INTEGER PRIMARY KEY REFERENCES annotations (id),
  reader     TEXT NOT NULL CHECK (reader <> '')
) STRICT;
CREATE INDEX IF NOT EXISTS annotations_by_volume ON annotations (volume, id);
`;
