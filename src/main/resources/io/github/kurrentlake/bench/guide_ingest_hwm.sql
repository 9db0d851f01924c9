CREATE TABLE IF NOT EXISTS ${hwm} (
    pipeline_name    STRING    NOT NULL,
    last_position    BIGINT    NOT NULL,
    updated_at       TIMESTAMP NOT NULL
) USING DELTA
