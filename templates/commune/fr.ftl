# Words of the directory of communes and of the page of a commune.
commune-nav = Commune
commune-search-title = Chercher une commune
commune-search-description = Toutes les communes de France, par leur nom ou leur code postal.
commune-search-label = Nom ou code postal
commune-search-button = Chercher
commune-search-none = Aucune commune ne répond à « { $question } ».
commune-search-none-help = Vérifiez l’orthographe, ou essayez avec le code postal.
commune-search-like = Aucune commune ne s’écrit ainsi. Cherchiez-vous l’une de celles-ci ?
commune-search-namesakes = { $nombre } communes portent ce nom.
commune-search-which = Laquelle est la vôtre ?
commune-search-found = { $n ->
    [one] { $nombre } commune
   *[other] { $nombre } communes
}
commune-population = { $n ->
    [0] sans habitant
    [one] { $nombre } habitant
   *[other] { $nombre } habitants
}
commune-here = Ici
commune-present = Présente
commune-present-title = Les dernières mairies arrivées
commune-departments-title = Par département
commune-department-title = Les communes { $of }
commune-department-count = { $n ->
    [one] { $nombre } commune, dans l’ordre alphabétique
   *[other] { $nombre } communes, dans l’ordre alphabétique
}
commune-description = La commune { $of } ({ $department }) : chiffres, codes postaux et lien direct avec la mairie.
commune-waiting-title = Votre mairie n’est pas encore là
commune-waiting-text = Inscrivez-vous dès maintenant : vous lirez ses nouvelles dès qu’elle arrivera, et le nombre d’habitants qui l’attendent l’y invite.
commune-waiting-promise = Seul leur nombre est public.
commune-waiting-closed = Les inscriptions sont fermées pour le moment.
commune-register = M’inscrire
commune-claim = Je représente la mairie
commune-reach = { $n ->
    [one] { $nombre } habitant l’attend déjà.
   *[other] { $nombre } habitants l’attendent déjà.
}
commune-no-mayor-title = Ici, pas de mairie
commune-collectivity-text = Cette collectivité d’outre-mer n’a pas de maire : elle a un conseil territorial et son président.
commune-territory-text = Ce territoire n’a ni conseil municipal ni maire.
commune-figures-title = La commune en chiffres
commune-figures-plain = En chiffres
commune-figure-people = Habitants
commune-figure-postal = Code postal
commune-figure-epci = Intercommunalité
commune-figure-district = Arrondissement
commune-figure-department = Département
commune-figure-region = Région
commune-figure-collectivity = Collectivité
commune-figure-insee = Code Insee
commune-figure-siren = SIREN
commune-sources = Sources : Insee, populations de référence et code officiel géographique { $year } ; DGCL ; La Poste. Licence Ouverte 2.0. Cette page n’est pas un site de l’État.
commune-neighbours-epci = Dans la même intercommunalité
commune-neighbours-district = Dans le même arrondissement
commune-aside = En bref
commune-about-title = La commune
commune-about-heading = La commune { $of }
commune-presentation = Présentation
commune-town-hall = La mairie
commune-verified = Vérifié le { $date } : { $by }.
commune-mayor = Maire
commune-address = Adresse
commune-phone = Téléphone
commune-email = Courriel
commune-website = Site
commune-opening = Horaires
commune-follow-title = Suivre d’ailleurs
commune-follow-text = Depuis Mastodon ou un autre réseau compatible, cherchez l’une de ces adresses et abonnez-vous. Aucun compte n’est nécessaire ici.
commune-handle-mayor = Le maire ou la maire
commune-handle-commune = La commune
commune-lost-title = Aucune commune à cette adresse
commune-lost-text = Le nom ou le département n’est pas tout à fait celui-là.
commune-lost-alike = Cherchiez-vous l’une de celles-ci ?
commune-town-hall-title = Vous représentez la mairie
commune-town-hall-lead = La place { $of } est libre : une fois la mairie reconnue, elle publie, répond et tient cette page.
commune-town-hall-how = Comment faire
commune-town-hall-step-1 = Écrivez depuis l’adresse officielle de la mairie à ceux qui tiennent ce serveur :
commune-town-hall-step-2 = Joignez le procès-verbal d’installation du maire, ou indiquez un numéro de téléphone officiel où vous rappeler.
commune-town-hall-step-3 = Après vérification, vous recevez les accès de la mairie.
commune-town-hall-reference = À rappeler dans votre message : { $name }, code Insee { $code }.
commune-edit = Modifier cette page
commune-edit-title = Modifier la page de la commune
commune-edit-body = Présentation
commune-edit-body-help = Histoire, vie locale, informations pratiques. **gras**, *italique*, - listes et liens sont possibles.
commune-edit-address = Adresse de la mairie
commune-edit-address-help = Une ligne par ligne de l’enveloppe.
commune-edit-phone = Téléphone
commune-edit-email = Courriel
commune-edit-website = Site de la commune
commune-edit-website-help = L’adresse entière, qui commence par https://
commune-edit-opening = Horaires d’ouverture
commune-edit-opening-help = Une ligne par jour : « Lundi : 9 h – 12 h ».
commune-edit-save = Enregistrer la page
commune-flash-saved = La page de la commune est enregistrée.
commune-refusal-too-long = Ce texte est trop long pour la page.
commune-refusal-no-phone = Indiquez un numéro de téléphone, par exemple 01 99 00 12 34.
commune-refusal-no-email = Indiquez une adresse de courriel, par exemple mairie@example.org.
commune-refusal-no-site = Indiquez l’adresse entière du site, par exemple https://www.example.org.
commune-api-no-query = Donnez le début d’un nom ou un code postal dans le paramètre q.
