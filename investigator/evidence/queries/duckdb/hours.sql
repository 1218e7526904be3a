SELECT
  DATE_TRUNC('HOUR', time) AS hour,
  COUNT(*) AS records
FROM events
WHERE
  1 = 1
GROUP BY
  1
ORDER BY
  1
