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
