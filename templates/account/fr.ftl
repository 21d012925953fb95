# Words of signing up, signing in and "Mon compte".
account-title = Mon compte
account-who = Vous
account-save = Enregistrer
account-flash-saved = C’est enregistré.

# Signing in
account-sign-in = Se connecter
account-sign-in-lead = Le lien direct avec votre mairie.
account-sign-in-name = Adresse électronique ou identifiant
account-password = Mot de passe
account-keep = Garder la connexion sur cet appareil
account-forgotten = Mot de passe oublié
account-none-yet = Pas encore de compte ?
account-none-yet-text = Gratuit, sans publicité. Votre adresse n’est jamais montrée.
account-sign-up-me = M’inscrire
account-sign-out = Se déconnecter
account-flash-signed-out = Vous êtes déconnecté.
account-flash-signed-out-everywhere = Vous êtes déconnecté de tous vos appareils et de toutes vos applications.

# Signing up
account-sign-up = M’inscrire
account-already = Vous avez déjà un compte ?
account-step = Étape { $now } sur 3
account-step-commune = Étape 1, votre commune
account-commune-title = Quelle est votre commune ?
account-commune-lead = Vous y lirez les nouvelles de la mairie et vous pourrez lui répondre.
account-commune-label = Nom ou code postal
account-commune-help = Par exemple : 06360
account-commune-find = Chercher
account-commune-answers = Communes trouvées
account-commune-none = Aucune commune ne répond à « { $question } ». Essayez avec le code postal.
account-commune-found = { $n ->
    [one] Une commune : choisissez-la pour continuer.
   *[other] { $nombre } communes : choisissez la vôtre.
}
account-commune-more = Voici les { $nombre } premières communes. Précisez le nom, ou donnez le code postal.
account-commune-here = Mairie présente
account-commune-waits = La mairie n’est pas encore là. Vous lirez ses nouvelles dès qu’elle arrivera.
account-commune-change = Changer de commune
account-sign-up-in = Votre commune : { $commune }.
account-name = Nom affiché
account-name-help = Celui que les autres verront près de vos commentaires.
account-email-label = Adresse électronique
account-email-help = Pour vous connecter et vous écrire. Elle n’est jamais montrée.
account-password-help = { $min } caractères au moins. Une phrase courte est facile à retenir.
account-age = J’ai 15 ans ou plus
account-age-help = Avant 15 ans, la loi demande l’accord d’un parent.
account-terms = J’accepte les règles de ce site et j’ai lu comment mes données sont protégées
account-terms-read = À lire :
account-sign-up-next = Recevoir mon code
account-flash-welcome = Bienvenue. Votre compte est créé.

# Codes
account-code-title = Saisissez le code reçu
account-code-sent-to = Nous avons envoyé six chiffres à
account-code-correct = Corriger
account-code-label = Code à six chiffres
account-code-good = Valable { $minutes } minutes, jusqu’à { $time }.
account-code-spent = Ce code n’est plus valable. Demandez-en un autre.
account-code-confirm = Confirmer mon adresse
account-code-nothing = Rien reçu ?
account-code-nothing-sign-up = Regardez dans les indésirables, ou demandez un autre code. Tant que le code n’est pas saisi, aucun compte n’est créé.
account-code-nothing-recovery = Regardez dans les indésirables. Aucun message ne part si cette adresse n’a pas de compte ici.
account-code-nothing-email = Regardez dans les indésirables, ou demandez un autre code. Tant que le code n’est pas saisi, votre adresse reste la même.
account-code-again = Recevoir un autre code
account-flash-code-sent = Un autre code est parti. Le précédent ne vaut plus.
account-flash-begin-again = Ce code n’est plus valable. Recommencez, cela prend une minute.

# Recovery
account-recovery-lead = Nous vous envoyons un code pour en choisir un autre.
account-recovery-send = Recevoir un code
account-recovery-title = Choisissez un nouveau mot de passe
account-recovery-sent = Si un compte existe avec cette adresse, nous y avons envoyé six chiffres :
account-recovery-confirm = Enregistrer le mot de passe
account-password-new = Nouveau mot de passe
account-flash-password = Votre mot de passe est changé. Vos autres appareils sont déconnectés.

# Overview
account-team-title = Équipe de la mairie
account-team-meta = Qui agit pour la mairie, et pour quoi faire
account-sections-title = Rubriques de la commune
account-sections-meta = Agenda, sondages, groupes, messages : ce que la commune propose
account-profile-title = Mon profil
account-profile-meta = Nom, photo, présentation, commune
account-preferences-title = Affichage et langue
account-preferences-meta = Couleurs, police très lisible, langue
account-security-title = Mot de passe
account-security-meta = En changer
account-email-title = Adresse électronique
account-email-meta = En changer
account-sessions-title = Appareils connectés
account-sessions-meta = Les voir, les déconnecter
account-data-title = Mes données
account-data-meta = Qui peut me voir, copie de mes données, suppression du compte
account-role-of = { $role } { $of }
account-role-operator = Responsable de ce serveur
account-role-mayor = Maire
account-role-delegate = Par délégation
account-role-delegate-help = Agit au nom de la mairie pour les tâches que vous cochez.
account-role-moderator = Modération
account-role-moderator-help = Traite les signalements et les commentaires, sans parler au nom de la mairie.
account-role-opposition = Conseil municipal, hors majorité
account-resident-verified = Habitant vérifié par la mairie
account-resident-declared = Habitant déclaré

# Profile
account-profile-lead = Ce que les autres voient de vous.
account-handle = Identifiant
account-handle-help = Lettres, chiffres et tiret bas. Il sert aussi à vous connecter.
account-bio = Présentation
account-bio-help = Quelques mots, si vous le souhaitez.
account-photo = Photo
account-photo-now = Votre image actuelle
account-photo-choose = Choisir une photo
account-photo-help = JPEG, PNG, WebP ou GIF, { $mb } Mo au plus. Le lieu et la date de prise de vue sont effacés.
account-photo-send = Envoyer la photo
account-photo-remove = Retirer la photo
account-commune = Commune
account-commune-now = Votre commune est { $commune }.
account-commune-move = Vous avez déménagé ?
account-commune-move-help = Nom ou code postal de votre nouvelle commune.
account-commune-choose = Choisir

# Preferences
account-preferences-lead = Vos choix vous suivent d’un appareil à l’autre.
account-preference-lang = Langue
account-preference-lang-help = Celle des pages et des courriers.
account-preference-lang-fr = Français
account-preference-lang-en = English
account-preference-theme = Couleurs
account-preference-theme-auto = Comme mon appareil
account-preference-theme-light = Claires
account-preference-theme-dark = Sombres
account-preference-font = Police
account-preference-font-standard = Ordinaire
account-preference-font-lisible = Très lisible

# Password and address
account-security-lead = Changer de mot de passe déconnecte vos autres appareils.
account-password-old = Mot de passe actuel
account-password-mine = Votre mot de passe
account-password-change = Changer le mot de passe
account-email-lead = Nous envoyons un code à la nouvelle adresse, et nous prévenons l’ancienne.
account-email-now = Adresse actuelle
account-email-new = Nouvelle adresse
account-email-new-help = Elle n’est jamais montrée.
account-email-send = Recevoir un code
account-flash-email = Votre adresse est changée.

# Sessions
account-sessions-lead = Les appareils sur lesquels votre compte est ouvert.
account-sessions-unknown = Appareil inconnu
account-sessions-here = Cet appareil
account-sessions-used = Utilisé
account-sessions-opened = ouvert
account-sessions-end = Déconnecter
account-sessions-end-others = Déconnecter les autres appareils
account-sessions-end-all = Me déconnecter partout
account-sessions-help = Se déconnecter partout ferme aussi les applications. Si vous ne reconnaissez pas un appareil, changez aussi de mot de passe.
account-flash-session-ended = L’appareil est déconnecté.
account-flash-others-ended = Les autres appareils et les applications sont déconnectés.

# Data
account-data-lead = Ce que ce serveur sait de vous, et ce que vous en faites.
account-visibility-title = Qui peut me voir
account-visibility-off = Votre compte n’est visible que sur ce site. Vos commentaires n’en sortent pas.
account-visibility-on = Votre profil et vos commentaires publics peuvent partir vers d’autres serveurs.
account-visibility-choice = Mes commentaires peuvent partir vers d’autres serveurs
account-visibility-help = Les personnes qui suivent la mairie depuis un autre serveur les liront, avec votre nom et votre identifiant. Une copie partie ailleurs ne peut plus être effacée à coup sûr.
account-data-held = Ce que nous savons
account-residence = Résidence
account-since = Inscription
account-data-export = Télécharger mes données
account-data-export-help = Un fichier JSON avec tout ce que ce serveur garde à votre sujet.
account-record-title = Journal de votre compte
account-record-you = par vous
account-record-others = par ce serveur ou une personne habilitée
account-leave-title = Partir
account-leave-text = Vous pouvez supprimer votre compte à tout moment.
account-deed-account-made = Compte créé par le responsable du serveur
account-deed-signed-up = Compte créé
account-deed-password-changed = Mot de passe changé
account-deed-password-recovered = Mot de passe oublié, puis remplacé
account-deed-password-set = Mot de passe remplacé par le responsable du serveur
account-deed-email-changed = Adresse électronique changée
account-deed-signed-out-everywhere = Tous les appareils déconnectés
account-deed-federated = Commentaires ouverts aux autres serveurs
account-deed-made-dark = Commentaires refermés sur ce serveur
account-deed-commune-changed = Commune changée
account-deed-resident-verified = Résidence vérifiée
account-deed-role-given = Rôle donné
account-deed-role-taken = Rôle retiré
account-deed-account-ended = Compte supprimé

# Deletion
account-deletion-title = Supprimer mon compte
account-deletion-warning = C’est définitif.
account-deletion-at-once = La suppression a lieu tout de suite et ne peut pas être annulée.
account-deletion-office = Vous êtes maire sur ce site. La page de la mairie, ses publications et ses abonnés restent ; seul votre accès disparaît.
account-deletion-goes-title = Ce qui est effacé
account-deletion-goes = Votre adresse, votre mot de passe, votre nom, votre photo, votre présentation, vos préférences, vos appareils connectés, vos rôles, vos commentaires et vos « j’aime ».
account-deletion-stays-title = Ce qui reste, et pourquoi
account-deletion-stays-handle = L’identifiant « { $handle } » reste pris, pour que personne ne se fasse passer pour vous.
account-deletion-stays-record = Le journal des actes sensibles garde des numéros et des dates, sans votre nom, pour que la mairie puisse rendre des comptes.
account-deletion-stays-elsewhere = Si vos commentaires étaient partis vers d’autres serveurs, nous leur demandons de les effacer ; nous ne pouvons pas le garantir.
account-deletion-export = Télécharger d’abord mes données
account-deletion-password = Pour être sûrs que c’est bien vous.
account-deletion-confirm = Supprimer mon compte
account-deletion-keep = Garder mon compte
account-flash-ended = Votre compte est supprimé.

# Team
account-team-of = Équipe de la mairie : { $commune }
account-team-lead = Chaque personne agit avec son propre compte. Ce qu’elle publie pour la mairie porte la mention « Par délégation ».
account-team-others = Vos autres communes
account-team-members = Membres de l’équipe
account-team-remove = Retirer
account-team-change = Changer les droits
account-team-leave = Quitter
account-team-waiting = Invitations en attente
account-team-till = jusqu’au { $date }
account-team-cancel = Annuler
account-team-invite = Inviter quelqu’un
account-team-email-help = La personne reçoit un lien valable deux semaines.
account-team-role = Rôle
account-team-rights = Droits
account-team-rights-help = Pour une personne déléguée : ce qu’elle peut faire au nom de la mairie.
account-team-send = Envoyer l’invitation
account-right-news = Actualités
account-right-polls = Sondages
account-right-agenda = Agenda
account-right-groups = Groupes de discussion
account-right-messages = Messagerie
account-right-postings = Affichage légal
account-right-alerts = Alertes
account-right-commune-page = Page de la commune
account-right-moderation = Modération
account-right-delegates = Choix des personnes déléguées
account-flash-role-taken = Le rôle est retiré.
account-flash-invited = L’invitation est partie.
account-flash-offer-cancelled = L’invitation est annulée.
account-flash-accepted = Vous faites partie de l’équipe.
account-invitation-title = Invitation
account-invitation-of = La mairie { $of } vous invite
account-invitation-role = Rôle proposé : { $role }.
account-invitation-rights = Vous pourriez agir au nom de la mairie pour :
account-invitation-as = Vous êtes connecté sous le nom de { $name }.
account-invitation-accept = Accepter l’invitation
account-invitation-sign-in = Connectez-vous ou inscrivez-vous pour l’accepter.
account-verified-by-operator = le responsable de ce serveur

# Refusals
account-refused-no-name = Indiquez le nom que les autres verront.
account-refused-long-name = Ce nom dépasse { $max } caractères.
account-refused-official-name = Ce nom est réservé à la mairie. Indiquez le vôtre.
account-refused-long-bio = Votre présentation dépasse { $max } caractères.
account-refused-no-email = Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr
account-refused-same-email = C’est déjà votre adresse.
account-refused-email-taken = Cette adresse a déjà un compte. Connectez-vous, ou choisissez « Mot de passe oublié ».
account-refused-no-handle = Un identifiant a de 3 à { $max } lettres sans accent, chiffres ou tirets bas.
account-refused-handle-reserved = Cet identifiant est réservé. Choisissez-en un autre.
account-refused-handle-taken = Cet identifiant est déjà pris. Choisissez-en un autre.
account-refused-handle-fixed = D’autres serveurs vous connaissent sous cet identifiant : il ne change plus.
account-refused-short-password = Choisissez un mot de passe d’au moins { $min } caractères.
account-refused-long-password = Ce mot de passe dépasse { $max } caractères.
account-refused-easy-password = Ce mot de passe est trop facile à deviner. Ajoutez un ou deux mots.
account-refused-wrong-password = Ce mot de passe est inexact.
account-refused-no-commune = Choisissez une commune de la liste.
account-refused-too-young = Avant 15 ans, l’inscription demande l’accord d’un parent : un parent peut s’inscrire et suivre la mairie avec vous. Vous pouvez lire toutes les nouvelles sans compte.
account-refused-terms = Acceptez les règles pour continuer, ou lisez les nouvelles sans compte.
account-refused-registrations = Les inscriptions sont fermées pour le moment. Vous pouvez lire les nouvelles sans compte.
account-refused-no-code = Le code a six chiffres. Recopiez-le tel qu’il est dans le message.
account-refused-wrong-code = Ce code est inexact. Il vous reste { $left } essais.
account-refused-wrong-code-one = Ce code est inexact. Il vous reste 1 essai.
account-refused-spent-code = Ce code n’est plus valable. Demandez-en un autre.
account-refused-too-many-codes = Plusieurs messages sont déjà partis vers cette adresse. Attendez une heure, puis recommencez.
account-refused-wrong-sign-in = Adresse ou mot de passe inexact. Il vous reste { $left } essais.
account-refused-wrong-sign-in-one = Adresse ou mot de passe inexact. Il vous reste 1 essai.
account-refused-closed = Trop d’essais. Attendez { $minutes } minutes, ou choisissez un nouveau mot de passe.
account-refused-closed-one = Trop d’essais. Attendez 1 minute, ou choisissez un nouveau mot de passe.
account-refused-braked = Trop de demandes viennent de votre connexion. Attendez { $minutes } minutes, puis recommencez.
account-refused-braked-one = Trop de demandes viennent de votre connexion. Attendez 1 minute, puis recommencez.
account-refused-suspended = Ce compte est suspendu. Écrivez au responsable de ce serveur.
account-refused-not-hers = Vous ne pouvez donner ou retirer que les droits que vous avez.
account-refused-no-rights = Cochez au moins un droit.
account-refused-mayor-there = { $commune } a déjà un maire ici.
account-refused-not-claimed = La mairie de { $commune } n’est pas encore là.
account-refused-spent-invitation = Cette invitation n’est plus valable. Demandez-en une autre à la mairie.
account-refused-no-photo = Choisissez d’abord une photo.

# Mails
account-mail-sign-up-subject = Votre code d’inscription : { $code }
account-mail-sign-up-text = Bonjour. Voici le code pour terminer votre inscription. Saisissez-le dans la page restée ouverte.
account-mail-password-subject = Votre code pour changer de mot de passe : { $code }
account-mail-password-text = Bonjour. Voici le code pour choisir un nouveau mot de passe. Saisissez-le dans la page restée ouverte.
account-mail-email-subject = Votre code pour changer d’adresse : { $code }
account-mail-email-text = Bonjour. Voici le code pour confirmer votre nouvelle adresse. Saisissez-le dans la page restée ouverte.
account-mail-code-life = Il est valable 10 minutes. Ne le donnez à personne : ni la mairie ni ce site ne vous le demanderont.
account-mail-not-you = Si vous n’avez rien demandé, ne faites rien : rien ne changera.
account-mail-already-subject = Vous avez déjà un compte
account-mail-already-text = Bonjour. Quelqu’un, sans doute vous, vient de donner cette adresse pour une inscription ou un changement d’adresse. Elle a déjà un compte ici : il suffit de vous connecter.
account-mail-already-forgotten = Si vous avez oublié votre mot de passe, choisissez-en un autre.
account-mail-changed-subject = Votre mot de passe a changé
account-mail-changed-text = Bonjour. Le mot de passe de votre compte vient de changer, et vos autres appareils sont déconnectés.
account-mail-changed-not-you = Si ce n’est pas vous, choisissez tout de suite un autre mot de passe.
account-mail-moved-subject = Votre adresse a changé
account-mail-moved-text = Bonjour. Votre compte a maintenant une autre adresse électronique. Nous n’écrirons plus à celle-ci.
account-mail-moved-not-you = Si ce n’est pas vous, prévenez vite le responsable du site.
account-mail-moved-write = Si ce n’est pas vous, écrivez vite à { $email }.
account-mail-unused-subject = Votre compte va être supprimé
account-mail-unused-text = Bonjour. Vous n’êtes pas venu depuis près de deux ans. Sans visite de votre part dans les 30 jours, votre compte et vos données seront supprimés, comme la loi le veut.
account-mail-unused-keep = Garder mon compte
account-mail-ended-subject = Votre compte est supprimé
account-mail-ended-text = Bonjour. Votre compte et vos données personnelles viennent d’être supprimés. Nous ne vous écrirons plus.
account-mail-invited-subject = La mairie { $of } vous invite
account-mail-invited-text = Bonjour. La mairie { $of } vous propose d’agir pour elle sur ce site ({ $role }). Vous gardez votre propre compte, ou vous en créez un.
account-mail-invited-accept = Voir l’invitation
account-mail-invited-note = Ce lien est valable deux semaines. Ne le transmettez pas. Si vous ne connaissez pas cette mairie, ne faites rien.
