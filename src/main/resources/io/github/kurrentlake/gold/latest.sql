-- The newest life of every stream. Of each projection the last event counts, where it is of that life.
SELECT *, CAST(${warnings} AS BIGINT) AS warnings
FROM (
  SELECT stream, log_position, first_log_position, life.incarnation AS incarnation,
    CAST(size(filter(quarantined, position -> position >= life.begin)) AS BIGINT) AS open_quarantine,
    ${in_life}
  FROM (
    SELECT *,
      aggregate(
        array_sort(marks),
        named_struct('incarnation', 1L, 'begin', -1L, 'had_begun', false, 'mark', ''),
        (life, at) -> IF(
          at.mark = 'begin' AND life.mark = 'end' AND life.had_begun,
          named_struct('incarnation', life.incarnation + 1L, 'begin', at.log_position,
            'had_begun', true, 'mark', at.mark),
          named_struct('incarnation', life.incarnation, 'begin', life.begin,
            'had_begun', life.had_begun OR at.mark = 'begin', 'mark', at.mark))) AS life
    FROM (
      SELECT stream, max(log_position) AS log_position, min(log_position) AS first_log_position,
        collect_list(log_position) FILTER (WHERE is_quarantined) AS quarantined,
        collect_list(struct(log_position, mark)) FILTER (WHERE mark IS NOT NULL) AS marks,
        ${latest}
      FROM (
${marked}
      )
      GROUP BY stream
    )
  )
)
