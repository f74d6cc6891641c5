-- The whole score a second time: from the accepted rows of the ledger and the tables of the plan
-- (plan_…, month, filled by tests/test_independent.py) to verdicts, means, scorecards and ranks.
-- kept_submission, kept_fact and kept_finding are what the ledger holds now.

-- The row that counts: that of the latest file.
CREATE TEMP VIEW current AS
SELECT * FROM (
    SELECT f.*, row_number() OVER (
        PARTITION BY f.period, f.unit, f.indicator
        ORDER BY s.arrived_at DESC, s.decided_at DESC, s.sha256 DESC
    ) AS place
    FROM kept_fact AS f JOIN kept_submission AS s USING (sha256)
) WHERE place = 1;

-- Everything that is owed by anybody in any month, with what came.
CREATE TEMP VIEW unit_month AS
SELECT m.period, m.closing, r.code, r.unit, r.place = 0 AS is_lead, r.counts, r.own,
       coalesce(c.state, 'missing') AS state, c.numerator, c.denominator, c.value, c.sha256
FROM month AS m CROSS JOIN plan_reporter AS r
LEFT JOIN current AS c ON c.period = m.period AND c.unit = r.unit AND c.indicator = r.code;

-- One figure for each indicator and month.
CREATE TEMP VIEW indicator_month AS
WITH lead AS (SELECT * FROM unit_month WHERE is_lead),
added AS (
    SELECT period, code,
           sum(numerator) FILTER (WHERE counted) AS numerator,
           sum(denominator) FILTER (WHERE counted) AS denominator,
           sum(value) FILTER (WHERE state = 'reported') AS value,
           count(*) AS owed,
           count(*) FILTER (WHERE state = 'reported') AS reported,
           count(*) FILTER (WHERE state = 'no_activity') AS empty,
           count(*) FILTER (WHERE state = 'no_data') AS no_data,
           count(*) FILTER (WHERE counted) AS with_counts
    FROM (SELECT *, state = 'reported' AND numerator IS NOT NULL AND denominator IS NOT NULL AS counted
          FROM unit_month WHERE counts)
    GROUP BY period, code
)
SELECT a.period, lead.closing, a.code, '' AS unit, a.owed,
       CASE WHEN a.reported THEN 'reported' WHEN a.empty = a.owed THEN 'no_activity'
            WHEN a.no_data THEN 'no_data' ELSE 'missing' END AS state,
       a.empty + CASE WHEN i.combine = 'disjoint_sum' AND i.entry = 'count' THEN a.reported
                        WHEN i.combine = 'disjoint_sum' AND a.with_counts THEN a.with_counts
                        ELSE lead.state = 'reported' END AS used,
       iif(i.combine = 'disjoint_sum' AND a.with_counts, a.numerator, lead.numerator) AS numerator,
       iif(i.combine = 'disjoint_sum' AND a.with_counts, a.denominator, lead.denominator) AS denominator,
       CASE WHEN i.combine != 'disjoint_sum' THEN lead.value
            WHEN i.entry = 'count' THEN a.value
            WHEN a.with_counts THEN 100 * a.numerator / nullif(a.denominator, 0)
            ELSE lead.value END AS value
FROM added AS a JOIN lead USING (period, code) JOIN plan_indicator AS i USING (code);

-- Units and indicators alike: a flow is summed over the year, anything else stands as it is.
CREATE TEMP VIEW figure AS
WITH every AS (
    SELECT period, closing, code, unit, state, numerator, denominator, value, 1 AS used, 1 AS owed
    FROM unit_month
    UNION ALL
    SELECT period, closing, code, unit, state, numerator, denominator, value, used, owed
    FROM indicator_month
),
summed AS (
    SELECT *, sum(iif(denominator > 0, numerator, 0)) OVER so_far AS year_numerator,
              sum(iif(denominator > 0 AND numerator IS NOT NULL, denominator, 0)) OVER so_far
              AS year_denominator
    FROM every WINDOW so_far AS (PARTITION BY unit, code ORDER BY period)
)
SELECT s.*, CASE
    WHEN s.state NOT IN ('reported', 'no_activity') THEN NULL
    WHEN i.basis != 'flow' THEN s.value
    WHEN s.year_denominator > 0 THEN 100 * s.year_numerator / s.year_denominator
    ELSE (SELECT e.value FROM every AS e
          WHERE e.unit = s.unit AND e.code = s.code AND e.period <= s.period AND e.value IS NOT NULL
          ORDER BY e.period DESC LIMIT 1)
END AS result
FROM summed AS s JOIN plan_indicator AS i USING (code);

-- Against target and path. `asked` is the way that the path asks from the value at the year's beginning.
CREATE TEMP VIEW scored AS
WITH measured AS (
    SELECT f.*, i.grp, i.weight, i.basis, i.kind, i.aim, i.baseline, i.expected,
           i.due_months = '' OR instr(i.due_months, substr(f.period, 6)) > 0 AS due,
           f.used * s.enough_of < f.owed * s.enough_part AS too_few,
           CASE WHEN i.kind = 'yes_no' THEN 100.0 * f.result
                WHEN i.kind = 'range' AND f.result >= i.aim THEN 100.0
                ELSE 100 * f.result / i.aim END AS attainment,
           (i.aim - i.baseline) * (julianday(f.closing) - julianday(i.year_begins))
               / (julianday(i.year_ends) - julianday(i.year_begins)) AS asked,
           s.on_path_share, s.no_path_attainment, s.attainment_cap
    FROM figure AS f JOIN plan_indicator AS i USING (code) CROSS JOIN plan_scoring AS s
),
judged AS (
    SELECT *, CASE
        WHEN result IS NOT NULL THEN CASE
            WHEN too_few THEN 'insufficient'
            WHEN attainment >= 100 THEN 'met'
            WHEN baseline IS NULL THEN iif(attainment >= no_path_attainment, 'warning', 'behind')
            WHEN result - baseline >= asked THEN 'on_track'
            WHEN result - baseline >= on_path_share * asked THEN 'warning'
            ELSE 'behind' END
        WHEN state = 'no_activity' THEN 'no_activity'
        WHEN state = 'reported' THEN iif(too_few, 'insufficient', 'no_figure')
        WHEN NOT due THEN 'not_due'
        WHEN NOT expected THEN 'not_owed'
        ELSE 'missing' END AS verdict
    FROM measured
)
SELECT *, verdict IN ('met', 'on_track', 'warning', 'behind') AS is_scored,
       iif(verdict IN ('met', 'on_track', 'warning', 'behind'), min(attainment, attainment_cap), 0) AS points,
       due AND expected AND (verdict IN ('missing', 'insufficient') OR (verdict = 'no_figure' AND basis != 'flow'))
       AS is_missing
FROM judged;

-- Groups, and the whole plan as group ''.
CREATE TEMP VIEW group_month AS
WITH rows AS (
    SELECT period, grp, weight, points, is_scored, is_missing, verdict FROM scored WHERE unit = ''
    UNION ALL
    SELECT period, '', weight, points, is_scored, is_missing, verdict FROM scored WHERE unit = ''
)
SELECT period, grp, count(*) AS listed, sum(verdict = 'met') AS met, sum(is_scored) AS reported,
       sum(is_missing) AS missing,
       sum(points * weight) / nullif(sum(weight * is_scored), 0) AS over_reported,
       sum(points * weight) / nullif(sum(weight * (is_scored OR is_missing)), 0) AS over_owed,
       sum(is_scored) > 0 AND sum(is_scored) * s.enough_of >= sum(is_scored OR is_missing) * s.enough_part
       AS enough
FROM rows CROSS JOIN plan_scoring AS s GROUP BY period, grp;

-- A word that nothing happened, which nobody has confirmed; for a flow it holds until it is.
CREATE TEMP VIEW waiting AS
WITH said AS (
    SELECT u.period, u.unit, u.code, i.basis,
           (u.state = 'no_activity' OR (i.basis = 'flow' AND u.denominator = 0))
           AND s.due AND s.expected
           AND NOT EXISTS (SELECT 1 FROM plan_confirmation AS c WHERE c.unit = u.unit AND c.code = u.code
                           AND c.period IN ('', u.period)) AS now
    FROM unit_month AS u JOIN plan_indicator AS i USING (code) JOIN scored AS s USING (period, unit, code)
)
SELECT period, unit, code, now, iif(basis = 'flow', max(now) OVER (
    PARTITION BY unit, code ORDER BY period
), now) AS so_far FROM said;

-- The three parts of the scorecard.
CREATE TEMP VIEW unit_results AS
SELECT s.period, s.unit,
       sum(iif(w.so_far, 0, s.points) * s.weight)
       / nullif(sum(s.weight * (s.is_scored OR s.is_missing OR w.so_far)), 0) AS results
FROM scored AS s JOIN waiting AS w USING (period, unit, code)
JOIN unit_month AS u USING (period, unit, code)
WHERE u.counts AND u.own GROUP BY s.period, s.unit;

CREATE TEMP VIEW unit_quality AS
SELECT u.period, u.unit, avg(CASE
    WHEN u.state IN ('missing', 'no_data') OR w.now THEN q.faulty
    WHEN EXISTS (SELECT 1 FROM kept_finding AS x
                 WHERE x.sha256 = u.sha256 AND x.row_code = u.code AND x.severity = 'warning') THEN q.warned
    ELSE q.clean END) AS quality
FROM unit_month AS u JOIN waiting AS w USING (period, unit, code) JOIN scored AS s USING (period, unit, code)
CROSS JOIN plan_scoring AS q
WHERE (s.due AND s.expected) OR u.state = 'reported' GROUP BY u.period, u.unit;

-- When at least half of a unit's rows had come, each with the first file that says what stands of it.
CREATE TEMP VIEW unit_moment AS
SELECT period, unit, moment AS arrived_at FROM (
    SELECT *, row_number() OVER (PARTITION BY period, unit ORDER BY moment) - 1 AS before,
           count(*) OVER (PARTITION BY period, unit) AS rows
    FROM (
        SELECT c.period, c.unit, c.indicator, min(s.arrived_at) AS moment
        FROM current AS c JOIN kept_fact AS f USING (period, unit, indicator)
        JOIN kept_submission AS s ON s.sha256 = f.sha256
        WHERE (f.state = 'no_data') = (c.state = 'no_data') GROUP BY c.period, c.unit, c.indicator
    )
) WHERE before = (rows - 1) / 2;

CREATE TEMP VIEW unit_time AS
SELECT m.period, n.id AS unit,
       CASE WHEN first.arrived_at IS NULL THEN t.not_sent
            WHEN first.arrived_at < m.submit_before THEN t.on_time ELSE t.late END AS timeliness
FROM month AS m CROSS JOIN plan_unit AS n CROSS JOIN plan_scoring AS t
LEFT JOIN (SELECT s.period, s.unit, coalesce(u.arrived_at, min(s.arrived_at)) AS arrived_at
           FROM kept_submission AS s LEFT JOIN unit_moment AS u USING (period, unit)
           WHERE s.outcome IN ('valid', 'warned', 'partial') GROUP BY s.period, s.unit) AS first
ON first.period = m.period AND first.unit = n.id
WHERE n.expected;

CREATE TEMP VIEW scorecard AS
WITH parts AS (
    SELECT t.period, t.unit, r.results, t.timeliness, q.quality, s.*
    FROM unit_time AS t LEFT JOIN unit_results AS r USING (period, unit)
    LEFT JOIN unit_quality AS q USING (period, unit) CROSS JOIN plan_scoring AS s
),
totals AS (
    SELECT *, (coalesce(results * w_results, 0) + timeliness * w_timeliness + coalesce(quality * w_quality, 0))
        / (iif(results IS NULL, 0, w_results) + w_timeliness + iif(quality IS NULL, 0, w_quality)) AS total
    FROM parts
),
shown AS (SELECT *, floor(total * scale + 0.5 + 1e-9) / scale AS shown FROM totals)
SELECT period, unit, results, timeliness, quality, total,
       (SELECT label FROM plan_grade WHERE lowest <= shown ORDER BY lowest DESC LIMIT 1) AS grade,
       CASE WHEN results IS NOT NULL THEN
           (SELECT count(*) + 1 FROM shown AS o
            WHERE o.period = shown.period AND o.results IS NOT NULL AND o.shown > shown.shown) END AS rank_first,
       CASE WHEN results IS NOT NULL THEN
           (SELECT count(*) FROM shown AS o
            WHERE o.period = shown.period AND o.results IS NOT NULL AND o.shown >= shown.shown) END AS rank_last
FROM shown;
