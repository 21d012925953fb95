//! What the commands print, and the log.

use std::io::Write as _;

use tracing_subscriber::EnvFilter;

/// One line on standard output. A closed pipe (`parvis … | head`) is no fault.
pub(crate) fn say(line: &str) {
    let _closed = writeln!(std::io::stdout(), "{line}");
}

/// One line on standard error.
pub(crate) fn complain(line: &str) {
    let _closed = writeln!(std::io::stderr(), "{line}");
}

/// The log on standard error: what `PARVIS_LOG` says, else information and graver.
pub(crate) fn start_log(format: &str) {
    let filter = EnvFilter::try_from_env("PARVIS_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn,rustls=warn,h2=warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let _already = if format == "json" {
        log.json().try_init()
    } else {
        log.with_target(false).try_init()
    };
}
