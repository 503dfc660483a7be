/** Version 1: items and their files, provenance, sessions, volumes, annotations, splits, patch sets. */
export const volumesAndPatches = `
-- Everything that has an id: what it is, where it lies in the folder (if it has files), and whether it was deleted.
-- sha256: of its file, of the list of its files, or, where it has none, of its content in the catalogue.
CREATE TABLE items (
  id      TEXT PRIMARY KEY,
  kind    TEXT NOT NULL,
  path    TEXT UNIQUE,
  sha256  TEXT NOT NULL CHECK (length(sha256) = 64),
  created TEXT NOT NULL,
  deleted TEXT
) STRICT;
CREATE INDEX items_by_kind ON items (kind, deleted);

CREATE TABLE files (
  path   TEXT PRIMARY KEY,
  item   TEXT NOT NULL REFERENCES items (id),
  bytes  INTEGER NOT NULL CHECK (bytes >= 0),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_item ON files (item);

-- Where an item came from: enough to make it again, and to trace every number to its inputs.
CREATE TABLE provenance (
  item          TEXT PRIMARY KEY REFERENCES items (id),
  configuration TEXT NOT NULL CHECK (json_valid(configuration)),
  code_version  TEXT NOT NULL,
  backend       TEXT,
  device        TEXT,
  seed          TEXT
) STRICT;
CREATE TABLE provenance_inputs (
  item     TEXT NOT NULL REFERENCES items (id),
  position INTEGER NOT NULL,
  input    TEXT NOT NULL,
  sha256   TEXT NOT NULL,
  PRIMARY KEY (item, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX provenance_by_input ON provenance_inputs (input);

CREATE TABLE volumes (
  id               TEXT PRIMARY KEY REFERENCES items (id),
  name             TEXT NOT NULL,
  source_key       TEXT NOT NULL,
  source_sha256    TEXT NOT NULL,
  source_index     INTEGER NOT NULL,
  source_bytes     INTEGER NOT NULL,
  source_format    TEXT NOT NULL,
  sequence         TEXT NOT NULL CHECK (sequence IN ('AXFLAIR', 'AXT1', 'AXT1POST', 'AXT1PRE', 'AXT2')),
  sequence_source  TEXT NOT NULL CHECK (sequence_source IN ('header', 'name', 'user')),
  tissue_class     TEXT CHECK (tissue_class IN ('normal', 'abnormal', 'unlabeled')),
  class_reason     TEXT NOT NULL,
  patient          TEXT,
  site             TEXT,
  scanner          TEXT,
  purpose          TEXT NOT NULL CHECK (purpose IN ('training', 'external')),
  slices           INTEGER NOT NULL CHECK (slices > 0),
  rows             INTEGER NOT NULL CHECK (rows > 0),
  columns          INTEGER NOT NULL CHECK (columns > 0),
  coils            INTEGER CHECK (coils > 0),
  has_phase        INTEGER NOT NULL CHECK (has_phase IN (0, 1)),
  original_rows    INTEGER NOT NULL CHECK (original_rows > 0),
  original_columns INTEGER NOT NULL CHECK (original_columns > 0),
  facial_first     INTEGER,
  facial_last      INTEGER,
  info             TEXT NOT NULL CHECK (json_valid(info)),
  CHECK ((facial_first IS NULL) = (facial_last IS NULL))
) STRICT;
CREATE INDEX volumes_by_source ON volumes (source_sha256, source_index);
CREATE INDEX volumes_by_key ON volumes (source_key);
CREATE INDEX volumes_by_patient ON volumes (patient);
CREATE INDEX volumes_by_size ON volumes (source_bytes);

-- What a reader said of a volume. A later reading supersedes an earlier one; none is overwritten.
CREATE TABLE annotations (
  id            INTEGER PRIMARY KEY,
  volume        TEXT NOT NULL REFERENCES volumes (id),
  source_sha256 TEXT NOT NULL,
  rules_sha256  TEXT NOT NULL,
  tissue_class  TEXT CHECK (tissue_class IN ('normal', 'abnormal', 'unlabeled')),
  class_reason  TEXT NOT NULL,
  created       TEXT NOT NULL,
  superseded    TEXT
) STRICT;
CREATE UNIQUE INDEX annotation_in_force ON annotations (volume) WHERE superseded IS NULL;

-- Boxes in pixels of the stored image; edges are not whole numbers where the image was resized.
CREATE TABLE boxes (
  id         INTEGER PRIMARY KEY,
  annotation INTEGER NOT NULL REFERENCES annotations (id),
  slice      INTEGER NOT NULL CHECK (slice >= 0),
  box_top    REAL NOT NULL,
  box_left   REAL NOT NULL,
  height     REAL NOT NULL CHECK (height >= 0),
  width      REAL NOT NULL CHECK (width >= 0),
  label      TEXT NOT NULL,
  abnormal   INTEGER NOT NULL CHECK (abnormal IN (0, 1))
) STRICT;
CREATE INDEX boxes_by_annotation ON boxes (annotation, slice);
CREATE TABLE study_labels (
  annotation INTEGER NOT NULL REFERENCES annotations (id),
  position   INTEGER NOT NULL,
  label      TEXT NOT NULL,
  PRIMARY KEY (annotation, position)
) STRICT, WITHOUT ROWID;

-- A split, once drawn for a volume, stays; another drawing is another scheme.
CREATE TABLE split_schemes (
  id       TEXT PRIMARY KEY,
  seed     TEXT NOT NULL,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  created  TEXT NOT NULL
) STRICT;
CREATE TABLE volume_splits (
  scheme TEXT NOT NULL REFERENCES split_schemes (id),
  volume TEXT NOT NULL REFERENCES volumes (id),
  split  TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  PRIMARY KEY (scheme, volume)
) STRICT, WITHOUT ROWID;

CREATE TABLE patch_sets (
  id       TEXT PRIMARY KEY REFERENCES items (id),
  scheme   TEXT NOT NULL REFERENCES split_schemes (id),
  size     INTEGER NOT NULL CHECK (size > 0),
  settings TEXT NOT NULL CHECK (json_valid(settings))
) STRICT;

-- position: index into patches/<set>/<split>.npy
CREATE TABLE patches (
  patch_set    TEXT NOT NULL REFERENCES patch_sets (id),
  split        TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  position     INTEGER NOT NULL CHECK (position >= 0),
  volume       TEXT NOT NULL REFERENCES volumes (id),
  slice        INTEGER NOT NULL CHECK (slice >= 0),
  top          INTEGER NOT NULL CHECK (top >= 0),
  left_column  INTEGER NOT NULL CHECK (left_column >= 0),
  tissue_class TEXT NOT NULL CHECK (tissue_class IN ('normal', 'abnormal', 'unlabeled')),
  sequence     TEXT NOT NULL CHECK (sequence IN ('AXFLAIR', 'AXT1', 'AXT1POST', 'AXT1PRE', 'AXT2')),
  box          INTEGER REFERENCES boxes (id),
  PRIMARY KEY (patch_set, split, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX patches_by_volume ON patches (volume);
`;
