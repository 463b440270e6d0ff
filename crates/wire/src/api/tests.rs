//! The API's requests and answers, and the two descriptions of it that are made from the code.

mod openapi;
mod page;
mod requests;
