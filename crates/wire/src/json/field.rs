//! The fields of a JSON object, read in one pass and taken out one by one, so that whatever is
//! wrong can be said of a field by its name.
//!
//! Nothing is built that no request has: values nest three deep at most, and what is deeper, or is
//! a list of anything but objects, is skipped and never fits.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::limits::{FIELDS_MAX, RESUMED_ROOMS_MAX};

/// How deep what is built nests: a request, its list of rooms, a room.
const DEPTH_MAX: usize = 3;

/// A value, as far as a request can have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'j> {
    Null,
    Bool(bool),
    Number(u64),
    Text(Cow<'j, str>),
    /// Objects, one more than [`RESUMED_ROOMS_MAX`] at most: enough to see that they are too many.
    List(Vec<Fields<'j>>),
    Object(Fields<'j>),
    /// Anything else.
    Other,
}

/// The fields of an object that have not been taken out yet, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Fields<'j> {
    fields: Vec<(Cow<'j, str>, Value<'j>)>,
    /// The first name that came twice.
    twice: Option<String>,
}

impl<'j> Fields<'j> {
    /// Reads a text that is one object.
    pub(crate) fn read(text: &'j str) -> Result<Self, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let fields = deserializer.deserialize_map(ObjectVisitor { depth: 1 })?;
        deserializer.end().map(|()| fields)
    }

    /// The fields of a list of names and values, each a text; of those in `numbers` a number, where
    /// it is written as one.
    pub(crate) fn of_pairs(
        pairs: impl Iterator<Item = (Cow<'j, str>, Cow<'j, str>)>,
        numbers: &[&str],
    ) -> Self {
        let mut fields = Self::default();
        for (name, value) in pairs {
            let is_plain = value.bytes().all(|byte| byte.is_ascii_digit())
                && (value.len() == 1 || !value.starts_with('0'));
            let number = value.parse().ok().filter(|_| is_plain && numbers.contains(&&*name));
            let value = number.map_or(Value::Text(value), Value::Number);
            fields.put(name, value);
        }
        fields
    }

    /// Takes a field out, if it is there.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value<'j>> {
        let index = self.fields.iter().position(|(field, _)| field == name)?;
        Some(self.fields.remove(index).1)
    }

    /// Whether a field is there and was not taken out.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// The first name that came twice.
    pub(crate) fn twice(&self) -> Option<&str> {
        self.twice.as_deref()
    }

    /// The first field that nobody took out.
    pub(crate) fn left(&self) -> Option<&str> {
        self.fields.first().map(|(name, _)| &**name)
    }

    fn put(&mut self, name: Cow<'j, str>, value: Value<'j>) {
        if self.has(&name) {
            self.twice.get_or_insert_with(|| name.into_owned());
        } else if self.fields.len() < FIELDS_MAX {
            self.fields.push((name, value));
        }
    }
}

struct ObjectVisitor {
    depth: usize,
}

impl<'j> Visitor<'j> for ObjectVisitor {
    type Value = Fields<'j>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<Fields<'j>, A::Error> {
        let mut fields = Fields::default();
        while let Some(Text(name)) = map.next_key()? {
            fields.put(name, map.next_value_seed(ValueSeed { depth: self.depth })?);
        }
        Ok(fields)
    }
}

/// A string that is borrowed where it has no escapes.
struct Text<'j>(Cow<'j, str>);

impl<'j> Deserialize<'j> for Text<'j> {
    fn deserialize<D: Deserializer<'j>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'j> Visitor<'j> for TextVisitor {
    type Value = Text<'j>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'j>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E>(self, text: &'j str) -> Result<Text<'j>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }
}

/// Reads a value of an object that is `depth` deep.
#[derive(Clone, Copy)]
struct ValueSeed {
    depth: usize,
}

impl<'j> DeserializeSeed<'j> for ValueSeed {
    type Value = Value<'j>;

    fn deserialize<D: Deserializer<'j>>(self, deserializer: D) -> Result<Value<'j>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'j> Visitor<'j> for ValueSeed {
    type Value = Value<'j>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value<'j>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'j>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'j>, E> {
        Ok(Value::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value<'j>, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value<'j>, E> {
        Ok(Value::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'j>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E>(self, text: &'j str) -> Result<Value<'j>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<Value<'j>, A::Error> {
        if self.depth < DEPTH_MAX {
            return ObjectVisitor { depth: self.depth + 1 }.visit_map(map).map(Value::Object);
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'j>>(self, mut list: A) -> Result<Value<'j>, A::Error> {
        let mut items = Vec::new();
        let mut is_fit = self.depth < DEPTH_MAX;
        while is_fit && items.len() <= RESUMED_ROOMS_MAX {
            match list.next_element_seed(Self { depth: self.depth + 1 })? {
                Some(Value::Object(item)) => items.push(item),
                Some(_) => is_fit = false,
                None => return Ok(Value::List(items)),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(if is_fit { Value::List(items) } else { Value::Other })
    }
}
