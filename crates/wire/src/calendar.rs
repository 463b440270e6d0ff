//! Moments as dates and times of day, in UTC, and back (ISO 8601, RFC 3339).

use room::UnixMs;

/// Milliseconds of a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Years that a date may name: what has four digits.
const YEARS: core::ops::RangeInclusive<u64> = 1970..=9999;

/// `2027-01-15`.
#[must_use]
pub fn day(moment: UnixMs) -> String {
    let (year, month, day) = date(moment.0 / DAY_MS);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `08:00`.
#[must_use]
pub fn time(moment: UnixMs) -> String {
    let minutes = moment.0 % DAY_MS / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `2027-01-15 08:00`.
#[must_use]
pub fn minute(moment: UnixMs) -> String {
    format!("{} {}", day(moment), time(moment))
}

/// `2027-01-15T08:00:00Z` (RFC 3339, section 5.6).
#[must_use]
pub fn rfc3339(moment: UnixMs) -> String {
    format!("{}T{}:{:02}Z", day(moment), time(moment), moment.0 / 1000 % 60)
}

/// The moment that a text names: `2027-01-15` (its first), `2027-01-15T08:00` or
/// `2027-01-15T08:00:30`, each with or without a `Z` behind it.
#[must_use]
pub fn parse(text: &str) -> Option<UnixMs> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (day, time) =
        text.split_once(['T', ' ']).map_or((text, None), |(day, time)| (day, Some(time)));
    let mut parts = day.splitn(3, '-');
    let (year, month, day) =
        (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    if !YEARS.contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let days = days_before(year, month) + day - 1;
    // A day that its month does not have would be another one.
    if date(days) != (year, month, day) {
        return None;
    }
    let mut seconds = 0;
    if let Some(time) = time {
        let mut parts = time.splitn(3, ':');
        let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
        let second = parts.next().map_or(Some(0), |second| number(second, 2))?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        seconds = (hour * 60 + minute) * 60 + second;
    }
    Some(UnixMs(days * DAY_MS + seconds * 1000))
}

fn number(text: &str, digits: usize) -> Option<u64> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// The days from 1970-01-01 to the first of a month.
const fn days_before(year: u64, month: u64) -> u64 {
    // By years that begin in March, as below.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 - DAYS_TO_1970
}

/// From the first of March of the year 0.
const DAYS_TO_1970: u64 = 719_468;

/// The date of a day since 1970-01-01: years begin in March here, so that the day that comes and
/// goes is their last.
const fn date(days: u64) -> (u64, u64, u64) {
    const ERA_DAYS: u64 = 146_097; // 400 years
    let days = days + DAYS_TO_1970;
    let day_of_era = days % ERA_DAYS;
    let leap = day_of_era / 1460 + day_of_era / 146_096 - day_of_era / 36_524;
    let year_of_era = (day_of_era - leap) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153; // from March
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = days / ERA_DAYS * 400 + year_of_era;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_dates() {
        for (ms, expected) in [
            (0, "1970-01-01 00:00"),
            (951_782_399_999, "2000-02-28 23:59"),
            (951_782_400_000, "2000-02-29 00:00"),
            (951_868_800_000, "2000-03-01 00:00"),
            (1_798_761_599_000, "2026-12-31 23:59"),
            (4_107_542_400_000, "2100-03-01 00:00"),
        ] {
            assert_eq!(minute(UnixMs(ms)), expected);
        }
        assert_eq!(rfc3339(UnixMs(1_798_761_599_000)), "2026-12-31T23:59:59Z");
    }

    #[test]
    fn dates_are_moments() {
        for days in (0..2_000_000).step_by(37) {
            let moment = UnixMs(days * DAY_MS + 43_261_000);
            assert_eq!(parse(&rfc3339(moment)), Some(moment));
            assert_eq!(parse(&day(moment)), Some(UnixMs(days * DAY_MS)));
        }
        assert_eq!(parse("1970-01-01T00:01"), Some(UnixMs(60_000)));
        for text in [
            "",
            "1970",
            "1970-1-1",
            "1969-12-31",
            "2026-02-29",
            "2026-13-01",
            "2026-01-00",
            "2026-01-01T24:00",
            "2026-01-01T1:00",
            "2026-01-01T10:60",
            "+026-01-01",
            "ontem",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
