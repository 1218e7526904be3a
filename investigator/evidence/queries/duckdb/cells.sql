SELECT
  COALESCE(account, '') AS account,
  COALESCE(region, '') AS region,
  kind,
  DATE_TRUNC('HOUR', time) AS hour,
  COUNT(*) AS records,
  COUNT_IF(src_file IN (
    SELECT
      sha256
    FROM partial_contents
  )) AS partial_records
FROM events
WHERE
  NOT time IS NULL
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  1,
  2,
  3,
  4
