//! Killed at random moments, again and again over the same log: nothing acknowledged is lost,
//! doubled or out of order.

use std::io::{BufRead as _, BufReader};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::writer::{self, ROOMS, Random};

/// How often the writer is killed.
const KILLS: u64 = 200;

/// How often over one log, each time the whole of it being read: long logs would only cost time.
const KILLS_A_LOG: u64 = 5;

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let seed = writer::seed("kill");
    let mut random = Random(seed);
    let mut folder = writer::folder();
    let mut acknowledged = [0; ROOMS];
    let mut kills_under_way = 0;
    for kill in 0..KILLS {
        if kill % KILLS_A_LOG == 0 {
            folder = writer::folder();
            acknowledged = [0; ROOMS];
        }
        let mut child =
            writer::command(None, folder.path(), random.next(), u64::MAX).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let last = Arc::new(Mutex::new(acknowledged));
        let read = Arc::clone(&last);
        let reader = std::thread::spawn(move || {
            // What was printed before the kill is read after it too: the pipe outlives the process.
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(heads) = writer::acknowledged(&line) {
                    *read.lock().unwrap() = heads;
                }
            }
        });
        // The moment of the kill is what is random here, from before the log is open to well
        // within its writing.
        std::thread::sleep(Duration::from_micros(random.below(40_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        reader.join().unwrap();
        let now = *last.lock().unwrap();
        kills_under_way += u64::from(now != acknowledged);
        acknowledged = now;
        writer::check(folder.path(), acknowledged);
    }
    println!("kills while writing: {kills_under_way} of {KILLS}; heads {acknowledged:?}");
    assert!(kills_under_way > KILLS / 4, "most were killed before they wrote anything");
}
