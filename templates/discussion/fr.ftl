# What people say to one another around what sections publish.

# The row of buttons and the thread.
discussion-like = J’aime
discussion-comments-word = { $n ->
    [0] Commenter
    [one] commentaire
   *[other] commentaires
}
discussion-comments = { $n ->
    [0] Aucun commentaire
    [one] { $nombre } commentaire
   *[other] { $nombre } commentaires
}
discussion-comments-title = Commentaires
discussion-share = Partager
discussion-shares = { $n ->
    [one] { $nombre } partage
   *[other] { $nombre } partages
}
discussion-flag = Signaler
discussion-flag-of = Signaler le commentaire de { $name }
discussion-delegated = Par délégation
discussion-edited = modifié
discussion-removed = Commentaire retiré par la modération.
discussion-removed-for = Commentaire retiré par la modération : { $ground }.
discussion-read-decision = Lire la décision
discussion-gone = Commentaire retiré par son auteur, ou qui n’est plus là.
discussion-answers = En réponse à { $name }
discussion-answers-gone = En réponse à un commentaire retiré
discussion-waiting = En attente de lecture par la modération
discussion-hidden = Masqué par la modération
discussion-withheld-first = Masqué par la modération.
discussion-withheld = Seules la mairie et la modération voient encore cette page. La décision dit pourquoi, et comment la contester.
discussion-withheld-desk = Revoir la décision
discussion-answer = Répondre
discussion-answer-whom = à { $name }
discussion-edit = Modifier
discussion-delete = Supprimer
discussion-moderate = Modérer
discussion-more-answers = { $n ->
    [one] Lire l’autre réponse
   *[other] Lire les { $nombre } autres réponses
}
discussion-more-comments = Lire les commentaires suivants
discussion-first-comments = Revenir aux premiers commentaires
discussion-next-answers = Lire les réponses suivantes
discussion-closed-first = Information.
discussion-closed = Les commentaires sont fermés ici.
discussion-sign-in = Connectez-vous pour commenter.
discussion-privacy-settings = Régler qui voit ce que j’écris
discussion-your-comment = Votre commentaire
discussion-readers-everybody = Public, visible par tous.
discussion-readers-followers = Visible par les abonnés de la mairie.
discussion-readers-residents = Visible par les habitants inscrits sur ce site.
discussion-readers-members = Visible par les membres du groupe seulement.
discussion-readers-elsewhere = Cette publication vient d’un autre serveur : votre commentaire y sera envoyé, avec votre nom.
discussion-read-first = La modération peut le lire avant sa publication.
discussion-courtesy = Restons courtois.
discussion-rules = Les règles
discussion-publish = Publier le commentaire
discussion-save = Enregistrer
discussion-cancel = Annuler
discussion-speak-as = Vous écrivez en tant que

# Writing.
discussion-write-title = Écrire un commentaire
discussion-answer-title = Répondre
discussion-answers-title = Réponses
discussion-about = À propos de « { $excerpt } »
discussion-back = Revenir
discussion-back-to-all = Tous les commentaires
discussion-warning = Ajouter un avertissement
discussion-warning-label = Avertissement
discussion-warning-help = Une phrase montrée à la place du texte, qui s’ouvre ensuite à la demande.
discussion-edit-title = Modifier votre commentaire
discussion-versions-title = Versions du commentaire
discussion-version-now = Version actuelle
discussion-delete-title = Supprimer votre commentaire ?
discussion-delete-here = Il disparaît de ce site et ne revient pas. Les réponses restent.
discussion-delete-everywhere = Il disparaît de ce site, et les autres serveurs qui l’ont reçu sont priés de l’effacer. Les réponses restent.
discussion-delete-confirm = Supprimer pour de bon
discussion-delete-keep = Garder le commentaire
discussion-flash-published = Votre commentaire est publié.
discussion-flash-held = Votre commentaire est enregistré. Il sera visible après lecture par la modération.
discussion-flash-deleted = Votre commentaire est supprimé.

# Sharing.
discussion-share-title = Partager
discussion-share-here = Avec vos abonnés
discussion-share-here-everywhere = Ceux qui vous suivent, ici et sur d’autres serveurs, le verront.
discussion-share-here-dark = Le partage reste sur ce site : vous n’êtes pas visible des autres serveurs.
discussion-share-now = Partager avec mes abonnés
discussion-unshare = Ne plus partager
discussion-share-sign-in = Connectez-vous pour partager avec vos abonnés.
discussion-share-link = Par un lien
discussion-share-address = Adresse de la page
discussion-share-copy = Copier le lien
discussion-share-elsewhere = Par un autre service
discussion-share-no-tracker = De simples liens : ces services n’apprennent rien tant que vous ne les suivez pas.
discussion-share-mail = Par courriel
discussion-share-whatsapp = WhatsApp
discussion-share-facebook = Facebook
discussion-share-x = X
discussion-share-mastodon = Sur Mastodon
discussion-share-server = Votre serveur
discussion-share-server-help = Son nom, par exemple social.example.org.
discussion-share-wrong-server = Écrivez le nom du serveur, par exemple social.example.org.
discussion-share-find-server = Préparer le lien
discussion-share-open-server = Partager sur { $server }
discussion-flash-shared = C’est partagé avec vos abonnés.
discussion-flash-unshared = Vous ne le partagez plus.

# The red flag.
discussion-flag-title = Signaler un contenu
discussion-flag-why = Pourquoi le signalez-vous ?
discussion-flag-abuse = Insulte, haine ou harcèlement
discussion-flag-abuse-help = Contre une personne ou un groupe.
discussion-flag-illegal = Contraire à la loi
discussion-flag-illegal-help = Par exemple menace, diffamation, contrefaçon.
discussion-flag-minors = Atteinte sexuelle à un enfant
discussion-flag-minors-help = Image, propos ou sollicitation. Appelez aussi le 119 si un enfant est en danger.
discussion-flag-privacy = Atteinte à la vie privée
discussion-flag-privacy-help = Adresse, téléphone, photo de quelqu’un sans son accord.
discussion-flag-spam = Publicité ou répétition
discussion-flag-spam-help = Le même message partout, un lien commercial.
discussion-flag-other = Autre chose
discussion-flag-other-help = Dites quoi en une phrase ci-dessous.
discussion-flag-text = Ce qu’il faut savoir
discussion-flag-text-help = Seule la modération le lit.
discussion-flag-forward = Prévenir aussi { $host }, d’où vient ce contenu
discussion-flag-forward-help = Votre nom n’y figure pas.
discussion-flag-promise = La modération décide et vous dit ce qu’elle a décidé. L’auteur ne sait pas qui a signalé.
discussion-flag-send = Envoyer le signalement
discussion-flag-no-category = Choisissez une raison.
discussion-flash-flagged = La modération est prévenue. Elle vous répondra.
discussion-notice-title = Signaler un contenu illicite
discussion-notice-intro = Ce formulaire est ouvert à tous, sans compte. Il sert à signaler un contenu de ce site que vous jugez contraire à la loi ou aux règles.
discussion-notice-address = Adresse exacte du contenu
discussion-notice-address-help = Copiez-la dans la barre d’adresse, ou depuis la date du commentaire.
discussion-notice-text = Pourquoi ce contenu est illicite ou contraire aux règles
discussion-notice-text-help = Des faits précis, et si possible le texte de loi.
discussion-notice-name = Votre nom
discussion-notice-name-help = Le nom et l’adresse électronique ne sont pas exigés pour signaler une atteinte sexuelle à un enfant.
discussion-notice-email = Votre adresse électronique
discussion-notice-email-help = Pour l’accusé de réception et la décision. Elle ne sert à rien d’autre.
discussion-notice-good-faith = Je déclare de bonne foi que ces informations sont exactes et complètes.
discussion-notice-send = Envoyer le signalement
discussion-notice-wrong-address = Donnez l’adresse complète d’une page de ce site.
discussion-notice-no-text = Expliquez en quelques phrases.
discussion-notice-no-name = Donnez votre nom.
discussion-notice-no-email = Donnez une adresse électronique complète, comme nom@exemple.fr.
discussion-notice-no-good-faith = Cochez cette case pour envoyer le signalement.
discussion-notice-given-title = Signalement reçu
discussion-notice-given = Votre signalement est enregistré
discussion-notice-given-next = Un accusé de réception part à { $email }. La décision y sera envoyée aussi.
discussion-notice-given-unsigned = Une personne va l’examiner. Sans adresse électronique, nous ne pourrons pas vous répondre : notez cette référence.

# The moderation desk.
discussion-desk-title = Modération
discussion-desk-contested = Décisions contestées
discussion-desk-flagged = Contenus signalés
discussion-desk-no-flags = Aucun signalement en attente.
discussion-desk-held = Commentaires à lire
discussion-desk-none-held = Aucun commentaire n’attend d’être lu.
discussion-nobody = Contenu retiré ou introuvable
discussion-kind-comment = Commentaire
discussion-kind-post = Publication
discussion-kind-topic = Sujet de groupe
discussion-kind-place = Place dans un groupe
discussion-removed-elsewhere = Retiré par la modération du groupe depuis un autre serveur.
discussion-kind-unknown = Adresse signalée
discussion-rule-title = Règle des commentaires
discussion-rule-legend = Quand un commentaire est écrit
discussion-rule-save = Enregistrer la règle
discussion-mode-open = Publié tout de suite
discussion-mode-open-help = La modération intervient après, sur signalement.
discussion-mode-first-held = Le premier de chaque personne est lu avant
discussion-mode-first-held-help = Les suivants paraissent tout de suite.
discussion-mode-all-held = Tous sont lus avant
discussion-mode-all-held-help = Rien ne paraît sans l’accord de la modération.
discussion-mode-off = Commentaires fermés
discussion-mode-off-help = Personne ne peut commenter, sauf la mairie.
discussion-mode-none = Choisissez une règle.
discussion-thing-title = Décider
discussion-see-in-place = Voir à sa place
discussion-flags = { $n ->
    [one] { $nombre } signalement
   *[other] { $nombre } signalements
}
discussion-by-account = par un compte de ce site
discussion-by-server = par le serveur { $host }
discussion-by-notice = par { $name }, sans compte
discussion-by-nobody = sans nom
discussion-dismiss = Laisser le contenu et clore
discussion-dismiss-reason = Pourquoi le contenu reste
discussion-dismiss-help = Ceux qui ont signalé le lisent.
discussion-approve = Publier le commentaire
discussion-approve-title = Ce commentaire attend d’être lu
discussion-restore = Montrer de nouveau
discussion-restore-title = Revenir sur la décision
discussion-hide = Masquer le contenu
discussion-hide-title = Masquer ce contenu
discussion-uphold-title = Maintenir la décision
discussion-alone = Cela vous concerne, et personne d’autre ne modère ici : vous décidez seul.
discussion-ground = Motif
discussion-ground-abuse = propos injurieux
discussion-ground-illegal = contenu contraire à la loi
discussion-ground-minors = atteinte sexuelle à un enfant
discussion-ground-privacy = atteinte à la vie privée
discussion-ground-spam = publicité ou répétition
discussion-ground-other = règles du site
discussion-reason = Raison
discussion-reason-help = L’auteur la lit : des faits, et la règle ou la loi concernée.
discussion-decisions = Décisions
discussion-deed-hide = Contenu masqué
discussion-deed-restore = Contenu montré de nouveau
discussion-deed-approve = Commentaire publié après lecture
discussion-deed-dismiss = Signalement clos, contenu laissé
discussion-author-answers = L’auteur conteste :
discussion-flash-rule = La règle est enregistrée.
discussion-flash-approved = Le commentaire est publié.
discussion-flash-hidden = Le contenu est masqué. Son auteur est prévenu.
discussion-flash-restored = Le contenu est de nouveau visible. Son auteur est prévenu.
discussion-flash-dismissed = Le signalement est clos. Ceux qui l’ont envoyé sont prévenus.
discussion-journal-title = Modération : règles et décisions
discussion-rules-title = Les règles
discussion-rules-text = Sont retirés les propos injurieux, haineux ou contraires à la loi, les atteintes à la vie privée, la publicité et les répétitions. Chaque retrait a une raison, que l’auteur lit et peut contester.
discussion-journal-intro = Toutes les décisions, sans nom ni texte.
discussion-journal-empty = Aucune décision pour le moment.
discussion-journal-date = Date
discussion-journal-what = Contenu
discussion-journal-deed = Décision
discussion-journal-contested = contestée

# A decision, for the author; a flag, for who sent it.
discussion-decision-title = Décision de modération
discussion-decision-about = Le contenu concerné
discussion-decision-scope = Étendue
discussion-decision-scope-hide = Le public ne le voit plus, ni sur ce site ni par ses flux, partout et sans limite de durée. Dans un sondage, personne ne vote tant qu’il est masqué ; sa clôture ne bouge pas.
discussion-decision-origin = Origine
discussion-decision-origin-flag = À la suite d’un signalement.
discussion-decision-origin-own = À l’initiative de la modération.
discussion-decision-basis = Fondement
discussion-decision-basis-law = La loi
discussion-decision-basis-rules = Les règles du site
discussion-decision-how = Cette décision a été prise par une personne, pas par un automate ; le contenu n’a pas été repéré par un automate non plus.
discussion-contest-title = Contester cette décision
discussion-contest-text = Pourquoi elle devrait changer
discussion-contest-help = Une autre personne que celle qui a décidé relit le contenu et vous répond.
discussion-contest-help-alone = Une seule personne modère ici : elle relira le contenu, sa décision et vos raisons, et vous répondra.
discussion-contest-send = Envoyer la contestation
discussion-contested-title = Votre contestation
discussion-contested-next = La modération la lira et vous dira sa décision.
discussion-remedies = Vous pouvez aussi saisir un organisme de règlement extrajudiciaire des litiges ou le juge.
discussion-flash-contested = Votre contestation est envoyée à la modération.
discussion-outcome-title = Votre signalement
discussion-outcome-open = La modération ne l’a pas encore examiné.
discussion-outcome-upheld = La modération a masqué ce contenu. Merci.
discussion-outcome-dismissed = La modération a laissé ce contenu.
discussion-outcome-yours = Votre signalement
discussion-outcome-decided = Décidé

# Mails to those who gave notice.
discussion-mail-receipt-subject = Signalement { $reference } reçu
discussion-mail-receipt = Nous avons bien reçu votre signalement.
discussion-mail-about = Adresse signalée : { $address }
discussion-mail-receipt-next = Une personne va l’examiner. Vous recevrez la décision à cette adresse.
discussion-mail-receipt-note = Si vous n’avez rien signalé, quelqu’un s’est trompé d’adresse : vous pouvez oublier ce message.
discussion-mail-outcome-subject = Décision sur le signalement { $reference }
discussion-mail-upheld = Le contenu que vous avez signalé a été masqué.
discussion-mail-dismissed = Après examen, le contenu que vous avez signalé reste en place.
discussion-mail-reason = Raison : { $reason }
discussion-mail-remedies = La décision a été prise par une personne. Vous pouvez répondre à ce message, saisir un organisme de règlement extrajudiciaire des litiges ou le juge.

# Refusals.
discussion-refused-empty = Écrivez quelques mots.
discussion-refused-too-long = Ce texte est trop long : { $max } caractères au plus.
discussion-refused-warning-too-long = Le texte d’avertissement est trop long : { $max } caractères au plus.
discussion-refused-closed = Les commentaires sont fermés ici.
discussion-refused-missing = Ce contenu n’est pas ou plus là.
discussion-refused-not-yours = Ce contenu n’est pas à vous.
discussion-refused-not-shareable = Seul ce que tout le monde peut lire se partage.
discussion-refused-would-leave = Cela partirait vers un autre serveur avec votre nom, et vous ne l’avez pas permis. Vous pouvez le permettre dans votre compte.
discussion-refused-not-moderator = C’est le travail de la modération.
discussion-refused-no-ground = Choisissez un motif dans la liste.
discussion-refused-no-reason = Dites pourquoi en une phrase.
discussion-refused-moderated = La modération a masqué ce commentaire : vous pouvez contester sa décision.
discussion-refused-contested = Vous avez déjà contesté cette décision.
discussion-refused-own-cause = Une autre personne doit en décider : vous avez écrit ce contenu pour la mairie ou en votre nom, ou pris la décision contestée.
discussion-refused-operators-work = L’exploitant du site a pris cette décision : lui seul peut y revenir.
discussion-refused-suspended = Ce compte ne peut pas écrire pour le moment.
discussion-refused-put-out = La modération vous a exclu de ce groupe. La décision, dans vos notifications, dit pourquoi et comment la contester.
discussion-refused-not-member = Rejoignez d’abord le groupe : seuls ses membres y écrivent.

# La page d'une personne que d'autres serveurs connaissent.
discussion-profile-help = Pour suivre cette personne depuis un autre serveur, cherchez-y cette adresse.
discussion-profile-copy = Copier l’adresse
discussion-profile-copied = Adresse copiée
discussion-profile-comments = Ses commentaires publics
discussion-profile-about = À propos de « { $title } »
discussion-profile-none = Aucun commentaire public.
discussion-profile-none-help = Ce que cette personne écrira sous une publication ouverte à tous se lira ici.
discussion-profile-older = Commentaires plus anciens
