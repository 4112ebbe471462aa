// The configuration of every mirror. A text alone; it is compared byte for byte before a mirror is used.

/**
 * Objects are checked when they come in. Old faults that GitHub itself accepts are let through, or repositories that
 * have them in their history could not be used.
 *
 * `preciousObjects` makes git refuse to prune here, whoever asks: sessions borrow these objects, and a session can stand
 * on a commit that no ref of the mirror reaches any more.
 */
export const MIRROR_CONFIG = `[core]
\trepositoryformatversion = 1
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = false
[extensions]
\tpreciousObjects = true
[gc]
\tauto = 0
\tpruneExpire = never
[fetch]
\tfsckObjects = true
[fetch "fsck"]
\tzeroPaddedFilemode = ignore
\tbadTimezone = ignore
\tbadEmail = ignore
\tmissingEmail = ignore
\tmissingNameBeforeEmail = ignore
\tmissingSpaceBeforeEmail = ignore
\tmissingSpaceBeforeDate = ignore
\tmultipleAuthors = ignore
`
