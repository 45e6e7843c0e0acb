# ruff: noqa: E501 - a template is one line
"""More open templates, by a second hand: habits that the first did not think of."""

from tests.accuracy.hand import habits

MORE_HABITS = habits(
    r"""
    4 film release | {root}/{title.dots}.{year}.{mark}.{source}.x264-{group}.{ext}
    3 film release in its folder | {root}/{title.dots}.{year}.{source}.1080p-{group}/{hex}.{ext}
    3 film release, lower | {root}/{title.dots.lower}.{year}.{source.lower}.{mark}.{ext}
    3 library of films | {root}/{untold_title} ({year})/{title} ({year}) [{mark}].{ext}
    2 library of films, an id | {root}/{title} ({year}) [tmdbid-{id}].{ext}
    2 film, year and mark | {root}/{title} {year} {mark}.{ext}
    2 film, edition | {root}/{studio_name}/{title} ({year}) - {mark}.{ext}
    3 series | {root}/{studio_name}/{minor}/{studio_name} - {episode}.{ext}
    3 series, episode first | {root}/{studio_name}/{minor}/{episode}.{ext}
    2 studio by dots, no date | {root}/{studio.dots}.{title.dots}.{mark}.{source}-{group}.{ext}
    3 studio beside words | {root}/{studio_name} {title}.{ext}
    2 studio beside words, people | {root}/{studio_name} {title} - {people_amp}.{ext}
    3 studio, person, title, all blanks | {root}/{studio_name} {more_people} {title}.{ext}
    3 day, studio, title, all blanks | {root}/{iso} {studio_name} {title}.{ext}
    2 studio presents | {root}/{studio_name} presents {title}.{ext}
    2 studio behind words | {root}/{title} {studio_name}.{ext}
    2 studio behind, a year | {root}/{title} - {studio_name} {year}.{ext}
    2 studio by underscores | {root}/{studio.under}_{title.under}_{iso_under}.{ext}
    2 studio spoken of, alone | {root}/{bound_studio}.{ext}
    2 studio spoken of, other folder | {root}/{studio_name}/{bound_studio}.{ext}
    2 studio folder with a year | {root}/{studio_name} ({year})/{title}.{ext}
    2 studio folder with words | {root}/{studio_name} Collection/{title}.{ext}
    2 year and studio folder | {root}/{year} {studio_name}/{title}.{ext}
    2 studio set off behind | {root}/{title} - {studio}.{ext}
    2 studio of the tail | {root}/{people_amp} - {title} - {studio} - {iso}.{ext}
    5 person beside words | {root}/{person_whole} {title}.{ext}
    4 day, person beside words | {root}/{studio_name}/{iso} {person_whole} {title}.{ext}
    3 person behind words | {root}/{title} {person_whole}.{ext}
    3 person behind words, studio | {root}/{studio_name} - {title} {person_whole} - {iso}.{ext}
    3 person beside words, dashes | {root}/{person_whole.dashes.lower}-{title.dashes.lower}.{ext}
    3 person beside words, underscores | {root}/{studio_name}/{person_whole.under}_{title.under}.{ext}
    3 person beside words, dots | {root}/{person_whole.dots}.{title.dots}.{mark}.{source}-{group}.{ext}
    2 person beside words, lower | {root}/{person_whole.lower} {title.lower}.{ext}
    6 person bound | {root}/{bound_person}.{ext}
    5 person bound, studio | {root}/{studio_name} - {iso} - {bound_person}.{ext}
    4 person bound, day | {root}/{studio_name}/{iso} {bound_person}.{ext}
    3 person bound, dots | {root}/{studio.joined}.{short_dots}.{bound_person.dots}.{mark}.{ext}
    3 person bound, lower | {root}/{studio_name}/{bound_person.lower}.{ext}
    2 person bound, year | {root}/{bound_person} ({year}).{ext}
    3 person of one word | {root}/{studio_name}/{single} - {title}.{ext}
    2 person of one word, listed | {root}/{studio_name} - {single} & {people} - {title}.{ext}
    1 person of one word beside words | {root}/{studio_name}/{single_and_title}.{ext}
    2 person of one word, folder | {root}/{single}/{title}.{ext}
    3 people listed otherwise | {root}/{more_people} - {title}.{ext}
    2 people listed otherwise, studio | {root}/{studio_name}/{iso} {more_people} - {title}.{ext}
    3 nickname | {root}/{studio_name}/{nicknamed} - {title}.{ext}
    3 register | {root}/{last_first}/{title}.{ext}
    2 register, year | {root}/{last_first}/{year}/{iso} - {title}.{ext}
    2 director | {root}/{title} ({director}).{ext}
    2 director behind | {root}/{title}, {director}, {year}.{ext}
    3 voice | {root}/{studio_name}/{title}, {voice}.{ext}
    2 voice in brackets | {root}/{title} ({voice}).{ext}
    2 voice, year | {root}/{title} - {voice} - {year}.{ext}
    4 film site | {root}/{title} [{tube_id}].{ext}
    3 film site, studio | {root}/{studio_name}/{title} [{tube_id}].{ext}
    2 film site, glued | {root}/{studio_name}/{title}-{tube_id}.{ext}
    2 film site, day | {root}/{studio_name}/{compact} - {title} [{tube_id}].{ext}
    3 recorder | {root}/{title}_{stamp}.{ext}
    3 recorder, studio | {root}/{stamp} - {studio_name} - {title}.{ext}
    2 recorder, blanks | {root}/{studio_name}/{title} - {stamp}.{ext}
    2 german day | {root}/{studio_name}/{title} ({german_day}).{ext}
    2 german day first | {root}/{german_day} - {title}.{ext}
    2 french day | {root}/{studio_name}/{french_day} - {title}.{ext}
    2 spanish day | {root}/{title} - {spanish_day}.{ext}
    2 italian day | {root}/{studio_name}/{title} {italian_day}.{ext}
    2 dutch day | {root}/{title} ({dutch_day}).{ext}
    2 russian day | {root}/{studio_name}/{title} - {russian_day}.{ext}
    2 eastern day | {root}/{cjk_day} {title}.{ext}
    8 day in either order | {root}/{title} {british}.{ext}
    8 day in either order, first | {root}/{studio_name}/{american}_{title.under}.{ext}
    2 day of a log | {root}/{studio_name} - {upper_day} - {title}.{ext}
    4 day as a folder | {root}/{studio_name}/{iso}/{title}.{ext}
    3 day as a folder, people | {root}/{iso}/{people_amp} - {title}.{ext}
    3 day and words as a folder | {root}/{studio_name}/{iso}/{camera}.{ext}
    4 compact day behind the studio | {root}/{studio} - {compact} - {title}.{ext}
    3 compact day and underscores | {root}/{studio_name}_{compact}_{title.under}.{ext}
    4 studio and title | {root}/{studio_name} - {title}.{ext}
    3 person bound, underscores | {root}/{studio_name}/{bound_person.under}_{mark}.{ext}
    3 person bound, dashes | {root}/{iso}-{bound_person.dashes.lower}.{ext}
    2 person bound, parted | {root}/{studio.under}_-_{bound_person.under}_-_{iso_under}.{ext}
    3 subject folder | {root}/{studio_name}/{tag}/{title}.{ext}
    3 subject in brackets | {root}/{title} [{tag}].{ext}
    2 person and a colon | {root}/{person_whole}: {title}.{ext}
    2 person and a comma | {root}/{studio_name}/{people_comma}, {title}.{ext}
    3 home archive | {root}/{nested_days}/{title}.{ext}
    2 home archive, month | {root}/{month_year}/{title}.{ext}
    2 title and month | {root}/{studio_name}/{title} - {month_year}.{ext}
    2 camera in a home archive | {root}/{nested_days}/{camera}.{ext}
    3 tape | {root}/{taped}.{ext}
    2 tape, year | {root}/{studio_name}/{taped} ({year}).{ext}
    3 numbered | {root}/{studio_name}/{numbered}.{ext}
    2 numbered, person's folder | {root}/{person_folder}/{numbered}.{ext}
    4 counted | {root}/{studio_name}/{counted}.{ext}
    3 counted, people | {root}/{people_amp} - {counted}.{ext}
    2 counted, dots | {root}/{studio.joined}.{short_dots}.{dotted_people}.{counted.dots}.{mark}.{ext}
    3 copy | {root}/{studio_name}/{copied}.{ext}
    2 copy, people | {root}/{people_comma} - {copied}.{ext}
    3 capitals part words | {root}/{camel}.{ext}
    2 capitals part words, studio | {root}/{studio.joined}_{camel}_{iso}.{ext}
    2 quotes | {root}/{people_amp} {quoted}.{ext}
    2 quotes, studio | {root}/{studio_name} {quoted} {year}.{ext}
    2 plain keyboard | {root}/{studio_name}/{title.flat}.{ext}
    2 dots alone | {root}/{studio_name}/{title.dots}.{ext}
    3 underscores alone | {root}/{title.under}.{ext}
    2 underscores and a day | {root}/{iso}_{title.under}_{mark}.{ext}
    3 dashes alone | {root}/{studio_name}/{title.dashes.lower}.{ext}
    2 dashes and a day | {root}/{studio_name}/{iso}-{title.dashes.lower}.{ext}
    2 title between signs | {root}/{studio_name} ~ {title} ~ {people_amp}.{ext}
    2 title and bar | {root}/{title} _ {studio_name}.{ext}
    2 day in front of all | {root}/({iso}) [{studio_name}] {title} ({people_comma}).{ext}
    """
)
# Of the calibration part alone.
MORE_CALIBRATION_HABITS = habits(
    r"""
    3 person, studio, blanks | {root}/{person_whole} {studio_name} {iso}.{ext}
    3 person bound behind all | {root}/{studio_name}/{year}/{bound_person} [{mark}].{ext}
    3 title and people, underscores | {root}/{title.under}_{person_whole.under}_{mark}.{ext}
    3 film site, people | {root}/{people_amp} - {title} [{tube_id}].{ext}
    3 home archive, dated | {root}/{nested_days}/{iso} {title}.{ext}
    3 studio, day, words | {root}/{studio_name} {iso} {title}.{ext}
    2 spoken day, people | {root}/{people_comma} - {title} - {german_day}.{ext}
    2 film release, spaced | {root}/{title} {year} {mark} {source} x265 {group}.{ext}
    2 numbered, people | {root}/{studio_name}/{numbered} - {people_amp}.{ext}
    2 single, bracketed | {root}/{studio_name}/{title} ({single}).{ext}
    2 series in one folder | {root}/{studio_name} - {episode} [{mark}].{ext}
    2 copy, dated | {root}/{iso} {copied}.{ext}
    2 studio and words in a folder | {root}/The {studio_name} Years/{title}.{ext}
    """
)
