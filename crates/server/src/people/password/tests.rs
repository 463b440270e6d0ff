//! What may be a password, and what its hash says and does not say.

use proptest::prelude::*;

use super::*;

const SALT: [u8; SALT_BYTES] = [7; SALT_BYTES];

#[test]
fn the_limits_hold_on_both_sides() {
    let of = |chars: usize| "é".repeat(chars);
    assert!(Password::chosen(&of(PASSWORD_CHARS_MIN)).is_ok());
    let short = Password::chosen(&of(PASSWORD_CHARS_MIN - 1));
    assert_eq!(short.unwrap_err(), PasswordError::Short);
    assert!(Password::typed(&of(1)).is_ok(), "a short one may be tried");
    assert!(Password::chosen(&of(PASSWORD_BYTES_MAX / 2)).is_ok());
    let long = Password::chosen(&"x".repeat(PASSWORD_BYTES_MAX + 1));
    assert_eq!(long.unwrap_err(), PasswordError::Long);
    assert_eq!(Password::chosen("abc\tdefgh").unwrap_err(), PasswordError::Control);
}

#[test]
fn a_hash_names_its_parameters() {
    let hash = Password::chosen("correct horse").unwrap().hash(&SALT).unwrap();
    assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$"));
}

#[test]
fn a_password_answers_its_own_hash_alone() {
    let (right, wrong) = (Password::typed("correct horse"), Password::typed("correct house"));
    let (right, wrong) = (right.unwrap(), wrong.unwrap());
    let kept = right.hash(&SALT).unwrap();
    assert!(right.verify(Some(&kept)).unwrap());
    assert!(!wrong.verify(Some(&kept)).unwrap());
    assert!(!right.verify(None).unwrap(), "nobody has a password");
    assert!(right.verify(Some(&PasswordHash::new("$x$y".to_owned()))).is_err());
}

#[test]
fn nobodys_hash_costs_what_a_hash_of_today_costs() {
    assert!(is_current(&PasswordHash::new(nobodys_hash())));
    let hash = Password::typed("x").unwrap().hash(&SALT).unwrap();
    assert!(is_current(&hash));
    assert_eq!(nobodys_hash().len(), hash.as_str().len());
    let other = |from: &str, to: &str| PasswordHash::new(hash.as_str().replace(from, to));
    for old in [
        other("m=19456", "m=19455"),
        other("t=2", "t=1"),
        other("p=1", "p=2"),
        other("argon2id", "argon2i"),
        other("v=19", "v=16"),
        PasswordHash::new("no hash".to_owned()),
    ] {
        assert!(!is_current(&old), "{}", old.as_str());
    }
}

#[test]
fn the_same_letters_are_the_same_password() {
    let composed = Password::chosen("cora\u{e7}\u{e3}o 1").unwrap();
    let decomposed = Password::chosen("corac\u{327}a\u{303}o 1").unwrap();
    assert_eq!(composed.hash(&SALT).unwrap(), decomposed.hash(&SALT).unwrap());
    let other = Password::chosen("coracao 1").unwrap();
    assert_ne!(composed.hash(&SALT).unwrap(), other.hash(&SALT).unwrap());
}

proptest! {
    #[test]
    fn no_password_is_in_debug_output(text in "[^\\p{C}]{9,60}") {
        let Ok(password) = Password::chosen(&text) else { return Ok(()) };
        let shown = format!("{password:?}");
        prop_assert!(!shown.contains(&text));
    }

    #[test]
    fn the_normal_form_fits_where_it_is_put(text in "\\PC{0,80}") {
        let Ok(password) = Password::typed(&text) else { return Ok(()) };
        prop_assert!(password.0.len() <= text.len() * NORMAL_FORM_EXPANSION_MAX);
    }
}
