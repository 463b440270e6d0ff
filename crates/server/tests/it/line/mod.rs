//! The line protocol row by row. What the contract leaves to the program's choice, the wording of
//! a sentence, is asserted by its tag alone.

mod answers;
mod commands;
mod framing;
mod greeting;
mod help;
mod history;
mod languages;
mod members;
mod messages;
mod moderation;
mod names;
mod people;
mod safety;
