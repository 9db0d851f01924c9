-- The guide's own table, without the primary key that only Unity Catalog knows.
CREATE TABLE IF NOT EXISTS ${events} (
    log_position     BIGINT       NOT NULL,
    stream           STRING       NOT NULL,
    category         STRING       NOT NULL,
    schema_name      STRING       NOT NULL,
    created_at       TIMESTAMP    NOT NULL,
    data             STRING,
    ingested_at      TIMESTAMP    NOT NULL,
    event_date       DATE         GENERATED ALWAYS AS (CAST(created_at AS DATE))
)
USING DELTA
PARTITIONED BY (event_date)
TBLPROPERTIES (delta.enableChangeDataFeed = true)
