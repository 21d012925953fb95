//! The SQL of this room: tables `account` and `account_*`.

mod accounts;
mod attempts;
mod audit;
mod codes;
mod invitations;
mod purge;
mod roles;
mod sessions;

pub(crate) use accounts::{
    NewAccount, by_actor, by_actors, by_email, by_email_in, by_id, by_id_in, count, count_residents,
    count_seen_since, end, insert, list, password_hash, secure, set_bio, set_commune, set_email,
    set_password, set_photo, set_preferences, unverify, verification, verify,
};
pub(crate) use attempts::{count_attempt, forget_attempts};
pub(crate) use audit::{audit_of_account, insert_audit};
pub(crate) use codes::{
    CodeRow, NewCode, code_by_token, codes_sent, insert_code, lock_address, record_code_sent, remove_code,
    remove_codes_of, renew_code, take_code_attempt,
};
pub(crate) use invitations::{
    Invitation, NewInvitation, insert_invitation, invitation_by_token, invitations_of, remove_invitation,
    remove_invitations_by,
};
pub(crate) use purge::{purge, to_end, to_warn, warned};
pub(crate) use roles::{
    grants_in_commune, grants_in_commune_in, grants_of, insert_grant, mayor_of, mayor_of_in, operators,
    operators_in, remove_grant, remove_grants_of,
};
pub(crate) use sessions::{
    NewSession, SessionRow, insert_session, mark_seen, remove_other_sessions, remove_session,
    remove_session_of_token, session_by_token, sessions_of,
};
