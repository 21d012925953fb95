//! What the benchmarks need besides the server: the bare signing rates, a sink for deliveries, a bare
//! server to compare pages with, a load generator, a sender of signed activities, voters. Each prints one line of
//! JSON. `run` puts them together.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a measuring tool stops at the first surprise"
)]

mod hello;
mod load;
mod senders;
mod signing;
mod sink;
mod votes;
mod wire;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    match words.as_slice() {
        ["sign", threads, seconds] => signing::run(threads.parse().unwrap(), seconds.parse().unwrap()),
        ["blind", threads, seconds] => votes::bare(threads.parse().unwrap(), seconds.parse().unwrap()),
        ["votes", page, tokens, connections] => {
            runtime.block_on(votes::run(page, tokens, connections.parse().unwrap()));
        }
        ["sink", port, hosts] => {
            runtime.block_on(sink::run(port.parse().unwrap(), hosts.parse().unwrap(), None));
        }
        ["sink", port, hosts, folder] => runtime.block_on(sink::run(
            port.parse().unwrap(),
            hosts.parse().unwrap(),
            Some(folder),
        )),
        ["hello", port] => runtime.block_on(hello::run(port.parse().unwrap())),
        ["load", url, rate, seconds, connections, headers @ ..] => runtime.block_on(load::run(
            url,
            rate.parse().unwrap(),
            seconds.parse().unwrap(),
            connections.parse().unwrap(),
            headers,
        )),
        ["senders", inbox, reply_to, count, actors, connections] => runtime.block_on(senders::run(
            inbox,
            reply_to,
            count.parse().unwrap(),
            actors.parse().unwrap(),
            connections.parse().unwrap(),
        )),
        _ => panic!(
            "sign THREADS SECONDS | blind THREADS SECONDS | votes PAGE TOKENS CONNECTIONS | sink PORT HOSTS [FOLDER] | hello PORT | \
             load URL RATE SECONDS CONNECTIONS [HEADER...] | senders INBOX REPLY_TO COUNT ACTORS CONNECTIONS"
        ),
    }
}
