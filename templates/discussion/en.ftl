# What people say to one another around what sections publish.

# The row of buttons and the thread.
discussion-like = Like
discussion-comments-word = { $n ->
    [0] Comment
    [one] comment
   *[other] comments
}
discussion-comments = { $n ->
    [0] No comments
    [one] { $nombre } comment
   *[other] { $nombre } comments
}
discussion-comments-title = Comments
discussion-share = Share
discussion-shares = { $n ->
    [one] { $nombre } share
   *[other] { $nombre } shares
}
discussion-flag = Flag
discussion-flag-of = Flag the comment of { $name }
discussion-delegated = By delegation
discussion-edited = edited
discussion-removed = Comment removed by the moderators.
discussion-removed-for = Comment removed by the moderators: { $ground }.
discussion-read-decision = Read the decision
discussion-gone = Comment removed by its author, or no longer here.
discussion-answers = In answer to { $name }
discussion-answers-gone = In answer to a removed comment
discussion-waiting = Waiting for the moderators
discussion-hidden = Hidden by the moderators
discussion-withheld-first = Hidden by the moderators.
discussion-withheld = Only the town hall and the moderators still see this page. The decision says why, and how to contest it.
discussion-withheld-desk = Review the decision
discussion-answer = Answer
discussion-answer-whom = { $name }
discussion-edit = Edit
discussion-delete = Delete
discussion-moderate = Moderate
discussion-more-answers = { $n ->
    [one] Read the other answer
   *[other] Read { $nombre } more answers
}
discussion-more-comments = Read the next comments
discussion-first-comments = Back to the first comments
discussion-next-answers = Read the next answers
discussion-closed-first = Information.
discussion-closed = Comments are closed here.
discussion-sign-in = Sign in to comment.
discussion-privacy-settings = Choose who sees what I write
discussion-your-comment = Your comment
discussion-readers-everybody = Public, everybody can read it.
discussion-readers-followers = The town hall’s followers can read it.
discussion-readers-residents = Residents with an account on this site can read it.
discussion-readers-members = Members of the group only can read it.
discussion-readers-elsewhere = This post is from another server: your comment will be sent there with your name.
discussion-read-first = Moderators may read it before it is published.
discussion-courtesy = Please be courteous.
discussion-rules = The rules
discussion-publish = Publish the comment
discussion-save = Save
discussion-cancel = Cancel
discussion-speak-as = You write as

# Writing.
discussion-write-title = Write a comment
discussion-answer-title = Answer
discussion-answers-title = Answers
discussion-about = About “{ $excerpt }”
discussion-back = Back
discussion-back-to-all = All comments
discussion-warning = Add a content warning
discussion-warning-label = Content warning
discussion-warning-help = A sentence shown instead of the text, which opens on demand.
discussion-edit-title = Edit your comment
discussion-versions-title = Versions of the comment
discussion-version-now = Present version
discussion-delete-title = Delete your comment?
discussion-delete-here = It disappears from this site for good. Answers stay.
discussion-delete-everywhere = It disappears from this site, and the other servers that have received it are asked to erase it. Answers stay.
discussion-delete-confirm = Delete for good
discussion-delete-keep = Keep the comment
discussion-flash-published = Your comment is published.
discussion-flash-held = Your comment is saved. It will be visible once the moderators have read it.
discussion-flash-deleted = Your comment is deleted.

# Sharing.
discussion-share-title = Share
discussion-share-here = With your followers
discussion-share-here-everywhere = Those who follow you, here and on other servers, will see it.
discussion-share-here-dark = The share stays on this site: other servers do not see you.
discussion-share-now = Share with my followers
discussion-unshare = Stop sharing
discussion-share-sign-in = Sign in to share with your followers.
discussion-share-link = By a link
discussion-share-address = Address of the page
discussion-share-copy = Copy the link
discussion-share-elsewhere = By another service
discussion-share-no-tracker = Plain links: these services learn nothing until you follow them.
discussion-share-mail = By e-mail
discussion-share-whatsapp = WhatsApp
discussion-share-facebook = Facebook
discussion-share-x = X
discussion-share-mastodon = On Mastodon
discussion-share-server = Your server
discussion-share-server-help = Its name, for instance social.example.org.
discussion-share-wrong-server = Type the name of the server, for instance social.example.org.
discussion-share-find-server = Prepare the link
discussion-share-open-server = Share on { $server }
discussion-flash-shared = Shared with your followers.
discussion-flash-unshared = You no longer share it.

# The red flag.
discussion-flag-title = Flag a content
discussion-flag-why = Why do you flag it?
discussion-flag-abuse = Insult, hatred or harassment
discussion-flag-abuse-help = Against a person or a group.
discussion-flag-illegal = Against the law
discussion-flag-illegal-help = For instance threats, defamation, forgery.
discussion-flag-minors = Sexual abuse of a child
discussion-flag-minors-help = Pictures, words or solicitation. If a child is in danger in France, call 119 as well.
discussion-flag-privacy = Breach of privacy
discussion-flag-privacy-help = Somebody’s address, telephone or photo without consent.
discussion-flag-spam = Advertising or repetition
discussion-flag-spam-help = The same message everywhere, a commercial link.
discussion-flag-other = Something else
discussion-flag-other-help = Say what in a sentence below.
discussion-flag-text = What one should know
discussion-flag-text-help = Only the moderators read it.
discussion-flag-forward = Also tell { $host }, where this content is from
discussion-flag-forward-help = Your name is not in it.
discussion-flag-promise = The moderators decide and tell you what they decided. The author does not learn who flagged.
discussion-flag-send = Send the flag
discussion-flag-no-category = Choose a reason.
discussion-flash-flagged = The moderators are told. They will answer you.
discussion-notice-title = Give notice of illegal content
discussion-notice-intro = This form is open to everybody, without an account. It is for contents of this site that you think illegal or against the rules.
discussion-notice-address = Exact address of the content
discussion-notice-address-help = Copy it from the address bar, or from the date of the comment.
discussion-notice-text = Why this content is illegal or against the rules
discussion-notice-text-help = Precise facts and, if you can, the law.
discussion-notice-name = Your name
discussion-notice-name-help = Name and e-mail address are not required to report sexual abuse of a child.
discussion-notice-email = Your e-mail address
discussion-notice-email-help = For the receipt and the decision, and nothing else.
discussion-notice-good-faith = I declare in good faith that this information is accurate and complete.
discussion-notice-send = Send the notice
discussion-notice-wrong-address = Give the whole address of a page of this site.
discussion-notice-no-text = Explain in a few sentences.
discussion-notice-no-name = Give your name.
discussion-notice-no-email = Give a whole e-mail address, such as name@example.org.
discussion-notice-no-good-faith = Tick this box to send the notice.
discussion-notice-given-title = Notice received
discussion-notice-given = Your notice is registered
discussion-notice-given-next = A receipt is on its way to { $email }. The decision will be sent there too.
discussion-notice-given-unsigned = A person will look at it. Without an e-mail address we cannot answer you: please note this reference.

# The moderation desk.
discussion-desk-title = Moderation
discussion-desk-contested = Contested decisions
discussion-desk-flagged = Flagged contents
discussion-desk-no-flags = No flag is waiting.
discussion-desk-held = Comments to read
discussion-desk-none-held = No comment is waiting to be read.
discussion-nobody = Content removed or not found
discussion-kind-comment = Comment
discussion-kind-post = Post
discussion-kind-topic = Group topic
discussion-kind-place = Place in a group
discussion-removed-elsewhere = Removed by the moderation of the group, from another server.
discussion-kind-unknown = Flagged address
discussion-rule-title = Rule for comments
discussion-rule-legend = When a comment is written
discussion-rule-save = Save the rule
discussion-mode-open = Published at once
discussion-mode-open-help = Moderators act afterwards, on flags.
discussion-mode-first-held = Each person’s first one is read before
discussion-mode-first-held-help = The next ones appear at once.
discussion-mode-all-held = All are read before
discussion-mode-all-held-help = Nothing appears without the moderators.
discussion-mode-off = Comments closed
discussion-mode-off-help = Nobody can comment but the town hall.
discussion-mode-none = Choose a rule.
discussion-thing-title = Decide
discussion-see-in-place = See it in its place
discussion-flags = { $n ->
    [one] { $nombre } flag
   *[other] { $nombre } flags
}
discussion-by-account = by an account of this site
discussion-by-server = by the server { $host }
discussion-by-notice = by { $name }, without account
discussion-by-nobody = without a name
discussion-dismiss = Leave the content and close
discussion-dismiss-reason = Why the content stays
discussion-dismiss-help = Those who flagged it read this.
discussion-approve = Publish the comment
discussion-approve-title = This comment is waiting to be read
discussion-restore = Show again
discussion-restore-title = Go back on the decision
discussion-hide = Hide the content
discussion-hide-title = Hide this content
discussion-uphold-title = Uphold the decision
discussion-alone = This concerns you, and nobody else moderates here: you decide alone.
discussion-ground = Ground
discussion-ground-abuse = abusive words
discussion-ground-illegal = illegal content
discussion-ground-minors = sexual abuse of a child
discussion-ground-privacy = breach of privacy
discussion-ground-spam = advertising or repetition
discussion-ground-other = rules of the site
discussion-reason = Reason
discussion-reason-help = The author reads it: facts, and the rule or law in question.
discussion-decisions = Decisions
discussion-deed-hide = Content hidden
discussion-deed-restore = Content shown again
discussion-deed-approve = Comment published after reading
discussion-deed-dismiss = Flag closed, content left
discussion-author-answers = The author objects:
discussion-flash-rule = The rule is saved.
discussion-flash-approved = The comment is published.
discussion-flash-hidden = The content is hidden. Its author is told.
discussion-flash-restored = The content is visible again. Its author is told.
discussion-flash-dismissed = The flag is closed. Those who sent it are told.
discussion-journal-title = Moderation: rules and decisions
discussion-rules-title = The rules
discussion-rules-text = Abusive, hateful or illegal words, breaches of privacy, advertising and repetition are removed. Each removal has a reason, which the author reads and can contest.
discussion-journal-intro = All decisions, without names or texts.
discussion-journal-empty = No decision so far.
discussion-journal-date = Date
discussion-journal-what = Content
discussion-journal-deed = Decision
discussion-journal-contested = contested

# A decision, for the author; a flag, for who sent it.
discussion-decision-title = Moderation decision
discussion-decision-about = The content
discussion-decision-scope = Reach
discussion-decision-scope-hide = The public does not see it any more, neither on this site nor through its feeds, everywhere and without a time limit. In a poll nobody votes while it is hidden; its end does not move.
discussion-decision-origin = Origin
discussion-decision-origin-flag = After somebody flagged it.
discussion-decision-origin-own = On the moderators’ own initiative.
discussion-decision-basis = Basis
discussion-decision-basis-law = The law
discussion-decision-basis-rules = The rules of this site
discussion-decision-how = This decision was taken by a person, not by a machine; nor did a machine find the content.
discussion-contest-title = Contest this decision
discussion-contest-text = Why it should change
discussion-contest-help = Somebody other than whoever decided reads the content again and answers you.
discussion-contest-help-alone = Only one person moderates here: she will read the content, her decision and your reasons again, and answer you.
discussion-contest-send = Send the objection
discussion-contested-title = Your objection
discussion-contested-next = The moderators will read it and tell you their decision.
discussion-remedies = You can also turn to an out-of-court dispute settlement body or to the courts.
discussion-flash-contested = Your objection is sent to the moderators.
discussion-outcome-title = Your flag
discussion-outcome-open = The moderators have not looked at it yet.
discussion-outcome-upheld = The moderators have hidden this content. Thank you.
discussion-outcome-dismissed = The moderators have left this content.
discussion-outcome-yours = Your flag
discussion-outcome-decided = Decided

# Mails to those who gave notice.
discussion-mail-receipt-subject = Notice { $reference } received
discussion-mail-receipt = We have received your notice.
discussion-mail-about = Address: { $address }
discussion-mail-receipt-next = A person will look at it. You will receive the decision at this address.
discussion-mail-receipt-note = If you gave no notice, somebody mistook the address: you can forget this message.
discussion-mail-outcome-subject = Decision on the notice { $reference }
discussion-mail-upheld = The content of your notice has been hidden.
discussion-mail-dismissed = After examination, the content of your notice stays.
discussion-mail-reason = Reason: { $reason }
discussion-mail-remedies = The decision was taken by a person. You can answer this message, turn to an out-of-court dispute settlement body or to the courts.

# Refusals.
discussion-refused-empty = Write a few words.
discussion-refused-too-long = This text is too long: { $max } characters at most.
discussion-refused-warning-too-long = The words of the warning are too long: { $max } characters at most.
discussion-refused-closed = Comments are closed here.
discussion-refused-missing = This content is not here, or no longer.
discussion-refused-not-yours = This content is not yours.
discussion-refused-not-shareable = Only what everybody can read is shared.
discussion-refused-would-leave = This would leave for another server with your name, and you have not allowed that. You can allow it in your account.
discussion-refused-not-moderator = This is the moderators’ work.
discussion-refused-no-ground = Choose a ground from the list.
discussion-refused-no-reason = Say why in a sentence.
discussion-refused-moderated = The moderators have hidden this comment: you can contest their decision.
discussion-refused-contested = You have contested this decision already.
discussion-refused-own-cause = Somebody else has to decide this: you wrote it, for the town hall or in your own name, or you took the decision that is contested.
discussion-refused-operators-work = An operator of this site took this decision: only an operator can change it.
discussion-refused-suspended = This account may not write for now.
discussion-refused-put-out = The moderation has put you out of this group. The decision, in your notifications, says why and how to contest it.
discussion-refused-not-member = Join the group first: only its members write in it.

# The page of a person whom other servers know.
discussion-profile-help = To follow this person from another server, search for this address there.
discussion-profile-copy = Copy the address
discussion-profile-copied = Address copied
discussion-profile-comments = Public comments
discussion-profile-about = About “{ $title }”
discussion-profile-none = No public comment.
discussion-profile-none-help = What this person writes under a post that is open to all will be read here.
discussion-profile-older = Older comments
