# Notices on the site and by mail.
notifications-title = Notifications
notifications-none = Aucune notification pour le moment.
notifications-none-help = Les réponses à vos commentaires et les nouvelles de la mairie arrivent ici.
notifications-unread = non lu
notifications-read-all = Tout marquer comme lu
notifications-flash-read = Tout est marqué comme lu.
notifications-flash-preferences = Vos préférences sont enregistrées.

# Who did it.
notifications-somebody = Quelqu’un
notifications-two = { $one } et { $two }
notifications-three = { $one }, { $two } et une autre personne
notifications-many = { $one }, { $two } et { $more } autres personnes

# What happened.
notifications-told-new-post = Nouvelle publication : { $who }
notifications-told-poll-opened = Sondage ouvert : { $who }
notifications-told-poll-closed = Sondage clos : { $who }
notifications-told-comment = Commentaire sous votre publication : { $who }
notifications-told-reply = Réponse à votre commentaire : { $who }
notifications-told-mention = Vous êtes nommé dans un commentaire : { $who }
notifications-told-like = Votre texte plaît : { $who }
notifications-told-share = Votre texte est partagé : { $who }
notifications-told-follow = Nouvel abonné : { $who }
notifications-told-event = Nouveau rendez-vous : { $who }
notifications-told-event-changed = Un rendez-vous où vous venez a changé
notifications-told-event-cancelled = Un rendez-vous où vous veniez est annulé
notifications-told-event-tomorrow = C’est demain : un rendez-vous où vous venez
notifications-told-event-seat = Une place s’est libérée : vous l’avez
notifications-told-event-answer = L’organisateur a répondu à votre inscription
notifications-told-decision = La modération a pris une décision qui vous concerne
notifications-told-moderation = Un contenu attend la modération
notifications-told-group-topic = Nouveau sujet dans un groupe : { $who }
notifications-told-group-comment = Nouveau message dans un groupe : { $who }
notifications-told-group-request = Demande à rejoindre un groupe : { $who }
notifications-told-group-place = Votre place dans un groupe a changé
notifications-told-message = Vous avez un message privé
notifications-told-request-due = Une demande officielle attend, son délai approche

# Preferences.
notifications-preferences-title = Préférences de notification
notifications-preferences-intro = Tout arrive sur cette page. Choisissez ce que vous recevez aussi par courriel.
notifications-preferences-save = Enregistrer les préférences
notifications-pace-now = Tout de suite
notifications-pace-daily = Une fois par jour
notifications-pace-weekly = Une fois par semaine
notifications-pace-never = Jamais par courriel
notifications-kind-new-post = Publications de la mairie
notifications-kind-new-post-help = De la commune que vous suivez.
notifications-kind-poll-opened = Sondages et avis publics
notifications-kind-poll-opened-help = Quand la mairie pose une question.
notifications-kind-poll-closed = Résultats des sondages
notifications-kind-poll-closed-help = Quand un sondage est dépouillé.
notifications-kind-reply = Réponses
notifications-kind-reply-help = À vos commentaires.
notifications-kind-mention = Mentions
notifications-kind-mention-help = Quelqu’un écrit votre nom dans un commentaire.
notifications-kind-comment = Commentaires
notifications-kind-comment-help = Sous ce que vous publiez.
notifications-kind-like = J’aime
notifications-kind-like-help = De ce que vous écrivez.
notifications-kind-share = Partages
notifications-kind-share-help = De ce que vous écrivez.
notifications-kind-follow = Abonnés
notifications-kind-follow-help = Quelqu’un vous suit.
notifications-kind-event = Rendez-vous de l’agenda
notifications-kind-event-help = Quand la mairie que vous suivez en annonce un.
notifications-kind-event-changed = Changements de rendez-vous
notifications-kind-event-changed-help = L’heure ou le lieu d’un rendez-vous où vous venez.
notifications-kind-event-cancelled = Rendez-vous annulés
notifications-kind-event-cancelled-help = Ceux où vous veniez.
notifications-kind-event-tomorrow = Rappels
notifications-kind-event-tomorrow-help = La veille d’un rendez-vous où vous venez.
notifications-kind-event-seat = Places libérées
notifications-kind-event-seat-help = Vous étiez en liste d’attente, vous avez une place.
notifications-kind-event-answer = Réponses aux inscriptions
notifications-kind-event-answer-help = Quand l’organisateur d’un rendez-vous d’un autre serveur vous accepte ou non.
notifications-kind-decision = Décisions de modération
notifications-kind-decision-help = Sur ce que vous écrivez ou signalez.
notifications-kind-moderation = À modérer
notifications-kind-moderation-help = Un signalement ou un commentaire attend.
notifications-kind-group-topic = Sujets des groupes
notifications-kind-group-topic-help = Ouverts dans les groupes dont vous êtes membre.
notifications-kind-group-comment = Messages des groupes
notifications-kind-group-comment-help = Dans les groupes dont vous voulez tout suivre.
notifications-kind-group-request = Demandes d’entrée
notifications-kind-group-request-help = Dans les groupes que vous modérez.
notifications-kind-group-place = Ma place dans les groupes
notifications-kind-group-place-help = Invitation, réponse à une demande, modération confiée.
notifications-kind-message = Messages privés
notifications-kind-message-help = Quelqu’un vous écrit ; le courriel ne dit rien du message.
notifications-kind-request-due = Délais des demandes officielles
notifications-kind-request-due-help = Une demande officielle confiée à vos services attend.

# Mails.
notifications-mail-daily = Votre récapitulatif du jour
notifications-mail-weekly = Votre récapitulatif de la semaine
notifications-mail-several = { $n ->
    [one] { $nombre } notification
   *[other] { $nombre } notifications
}
notifications-mail-more = { $n ->
    [one] Et { $nombre } autre sur le site.
   *[other] Et { $nombre } autres sur le site.
}
notifications-mail-all = Voir mes notifications
notifications-mail-preferences = Vous choisissez ce que vous recevez dans vos préférences de notification.
notifications-mails-now = les courriels envoyés tout de suite
notifications-mails-daily = le récapitulatif du jour
notifications-mails-weekly = le récapitulatif de la semaine
notifications-leave-title = Ne plus recevoir ces courriels
notifications-leave = Vous ne recevrez plus { $which }. Tout reste sur le site.
notifications-leave-confirm = Ne plus recevoir ces courriels
notifications-left = C’est fait : vous ne recevez plus { $which }.
notifications-left-help = Vous pouvez revenir sur ce choix dans vos préférences.
