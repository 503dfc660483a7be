/** Version 2: runs, checkpoints, latents, synthetic sets, experiments, volume scores. */
export const runsAndResults = `
-- session: the process that is (or was) at it; a running run of a process that has ended was interrupted.
CREATE TABLE runs (
  id       TEXT PRIMARY KEY REFERENCES items (id),
  kind     TEXT NOT NULL,
  preset   TEXT,
  status   TEXT NOT NULL CHECK (status IN
             ('running', 'succeeded', 'cancelled', 'failed', 'interrupted', 'out-of-memory', 'crashed')),
  session  TEXT,
  finished TEXT,
  summary  TEXT CHECK (summary IS NULL OR json_valid(summary))
) STRICT;
CREATE INDEX runs_by_kind ON runs (kind, preset, status);

CREATE TABLE checkpoints (
  id      TEXT PRIMARY KEY REFERENCES items (id),
  run     TEXT NOT NULL REFERENCES runs (id),
  step    INTEGER NOT NULL CHECK (step >= 0),
  metrics TEXT CHECK (metrics IS NULL OR json_valid(metrics))
) STRICT;
CREATE INDEX checkpoints_by_run ON checkpoints (run, step);

CREATE TABLE latent_sets (
  id         TEXT PRIMARY KEY REFERENCES items (id),
  checkpoint TEXT NOT NULL REFERENCES checkpoints (id),
  patch_set  TEXT NOT NULL REFERENCES patch_sets (id),
  info       TEXT NOT NULL CHECK (json_valid(info))
) STRICT;
CREATE INDEX latent_sets_by_inputs ON latent_sets (checkpoint, patch_set);

CREATE TABLE synthetic_sets (
  id         TEXT PRIMARY KEY REFERENCES items (id),
  checkpoint TEXT NOT NULL REFERENCES checkpoints (id),
  purpose    TEXT NOT NULL,
  info       TEXT NOT NULL CHECK (json_valid(info))
) STRICT;
CREATE INDEX synthetic_sets_by_checkpoint ON synthetic_sets (checkpoint);
CREATE TABLE synthetic_items (
  synthetic_set TEXT NOT NULL REFERENCES synthetic_sets (id),
  position      INTEGER NOT NULL CHECK (position >= 0),
  sequence      TEXT NOT NULL CHECK (sequence IN ('AXFLAIR', 'AXT1', 'AXT1POST', 'AXT1PRE', 'AXT2')),
  condition     TEXT NOT NULL CHECK (condition IN ('unknown', 'normal', 'abnormal')),
  seed          TEXT NOT NULL,
  PRIMARY KEY (synthetic_set, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiments (
  id     TEXT PRIMARY KEY REFERENCES items (id),
  kind   TEXT NOT NULL,
  result TEXT NOT NULL CHECK (json_valid(result))
) STRICT;
CREATE INDEX experiments_by_kind ON experiments (kind);

CREATE TABLE score_sets (
  id     TEXT PRIMARY KEY REFERENCES items (id),
  run    TEXT NOT NULL REFERENCES runs (id)
) STRICT;
CREATE TABLE volume_scores (
  score_set    TEXT NOT NULL REFERENCES score_sets (id),
  volume       TEXT NOT NULL REFERENCES volumes (id),
  score        REAL NOT NULL,
  patches      INTEGER NOT NULL CHECK (patches > 0),
  used         INTEGER NOT NULL CHECK (used BETWEEN 1 AND patches),
  tissue_class TEXT CHECK (tissue_class IN ('normal', 'abnormal', 'unlabeled')),
  PRIMARY KEY (score_set, volume)
) STRICT, WITHOUT ROWID;
CREATE INDEX volume_scores_by_volume ON volume_scores (volume);
`;
