# Words of the directory of communes and of the page of a commune.
commune-nav = Commune
commune-search-title = Find a commune
commune-search-description = All the communes of France, by name or postcode.
commune-search-label = Name or postcode
commune-search-button = Search
commune-search-none = No commune matches “{ $question }”.
commune-search-none-help = Check the spelling, or try the postcode.
commune-search-like = No commune is spelled like this. Did you mean one of these?
commune-search-namesakes = { $nombre } communes bear this name.
commune-search-which = Which one is yours?
commune-search-found = { $n ->
    [one] { $nombre } commune
   *[other] { $nombre } communes
}
commune-population = { $n ->
    [0] no inhabitants
    [one] { $nombre } inhabitant
   *[other] { $nombre } inhabitants
}
commune-here = Here
commune-present = Present
commune-present-title = Town halls that came last
commune-departments-title = By department
commune-department-title = The communes of { $name }
commune-department-count = { $n ->
    [one] { $nombre } commune, in alphabetical order
   *[other] { $nombre } communes, in alphabetical order
}
commune-description = The commune of { $name } ({ $department }): figures, postcodes and a direct line to the town hall.
commune-waiting-title = Your town hall is not here yet
commune-waiting-text = Sign up now: you will read its news as soon as it comes, and the number of people waiting for it is an invitation.
commune-waiting-promise = Only their number is public.
commune-waiting-closed = Sign-up is closed for the time being.
commune-register = Sign up
commune-claim = I represent the town hall
commune-reach = { $n ->
    [one] { $nombre } inhabitant is waiting already.
   *[other] { $nombre } inhabitants are waiting already.
}
commune-no-mayor-title = No town hall here
commune-collectivity-text = This overseas collectivity has no mayor: it has a territorial council and its president.
commune-territory-text = This territory has neither municipal council nor mayor.
commune-figures-title = The commune in figures
commune-figures-plain = In figures
commune-figure-people = Inhabitants
commune-figure-postal = Postcode
commune-figure-epci = Inter-municipal body
commune-figure-district = Arrondissement
commune-figure-department = Department
commune-figure-region = Region
commune-figure-collectivity = Collectivity
commune-figure-insee = INSEE code
commune-figure-siren = SIREN
commune-sources = Sources: INSEE, reference populations and official geographic code { $year }; DGCL; La Poste. Licence Ouverte 2.0. This is not a site of the French State.
commune-neighbours-epci = In the same inter-municipal body
commune-neighbours-district = In the same arrondissement
commune-aside = In brief
commune-about-title = The commune
commune-about-heading = The commune of { $name }
commune-presentation = Presentation
commune-town-hall = The town hall
commune-verified = Verified on { $date }: { $by }.
commune-mayor = Mayor
commune-address = Address
commune-phone = Telephone
commune-email = E-mail
commune-website = Website
commune-opening = Opening hours
commune-follow-title = Follow from elsewhere
commune-follow-text = From Mastodon or another compatible network, search for one of these addresses and follow it. No account is needed here.
commune-handle-mayor = The mayor
commune-handle-commune = The commune
commune-lost-title = No commune at this address
commune-lost-text = The name or the department is not quite that one.
commune-lost-alike = Did you mean one of these?
commune-town-hall-title = You represent the town hall
commune-town-hall-lead = The place of { $name } is free: once the town hall is recognised, it publishes, answers and keeps this page.
commune-town-hall-how = How to do it
commune-town-hall-step-1 = Write from the town hall’s official address to those who run this server:
commune-town-hall-step-2 = Attach the record of the mayor’s installation, or give an official telephone number on which to call you back.
commune-town-hall-step-3 = Once this is checked, you receive the town hall’s access.
commune-town-hall-reference = To be quoted in your message: { $name }, INSEE code { $code }.
commune-edit = Edit this page
commune-edit-title = Edit the page of the commune
commune-edit-body = Presentation
commune-edit-body-help = History, local life, practical information. **bold**, *italic*, - lists and links are possible.
commune-edit-address = Address of the town hall
commune-edit-address-help = One line for each line of the envelope.
commune-edit-phone = Telephone
commune-edit-email = E-mail
commune-edit-website = Site of the commune
commune-edit-website-help = The whole address, which begins with https://
commune-edit-opening = Opening hours
commune-edit-opening-help = One line a day: “Monday: 9:00 – 12:00”.
commune-edit-save = Save the page
commune-flash-saved = The page of the commune is saved.
commune-refusal-too-long = This text is too long for the page.
commune-refusal-no-phone = Give a telephone number, for instance 01 99 00 12 34.
commune-refusal-no-email = Give an e-mail address, for instance mairie@example.org.
commune-refusal-no-site = Give the whole address of the site, for instance https://www.example.org.
commune-api-no-query = Give the beginning of a name or a postcode in the parameter q.
