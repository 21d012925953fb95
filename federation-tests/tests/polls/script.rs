//! The script by which a browser blinds a ballot: run over the vectors of RFC 9474, and the same as the page says.

use std::process::Command;

use testkit::Town;

#[test]
fn the_script_of_the_ballot_does_what_the_rfc_says() {
    let root = env!("CARGO_MANIFEST_DIR");
    let run = Command::new("node")
        .arg(format!("{root}/federation-tests/browser/urne_vectors.mjs"))
        .arg(format!("{root}/templates/static/urne.js"))
        .arg(format!("{root}/src/polls/tests/rfc9474.json"))
        .output()
        .expect("Node.js runs the script of the ballot (federation-tests/install.sh installs it)");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

#[tokio::test]
async fn the_page_prints_the_fingerprint_of_the_script_it_loads() {
    for town in Town::everywhere().await {
        let script = town.stranger().opens("/static/urne.js").await;
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &script.body);
        let page = town.stranger().opens("/sondages/anonymat").await;
        assert!(page.text().contains(&hex::encode(hash)), "{}", page.text());
        assert!(
            page.header("content-security-policy")
                .contains("script-src 'self'")
        );
    }
}
