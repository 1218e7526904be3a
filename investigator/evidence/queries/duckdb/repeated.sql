SELECT
  id
FROM copies
GROUP BY
  id
HAVING
  COUNT(*) > 1
