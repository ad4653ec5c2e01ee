// What LIMITS.md says of each limit that people meet. Values come from the places named here.

const CHANGES = { protocol: 'another version of the protocol', ABI: 'another version of the unit ABI' };

/**
 * Rows of words | file and constant | reason | way to change it. `-`: in that file only. `name()`: what a function of that name gives.
 * A third word after the constant is the unit of the value where the name tells another one.
 */
const TABLES = {
  'limits-unit': `
    memory of one unit, default | work-units/runtime/src/limits.ts DEFAULT_UNIT_LIMITS.memoryMaximumBytes | fits beside others on an ordinary computer | \`map --memory\`; \`memoryMaximumBytes\` of \`project.app\`
    memory of one unit, at most | work-units/contract/src/limits.ts MEMORY_MAXIMUM_BYTES | half of what 32-bit addresses reach; more would suit few hosts | protocol
    standard output and collected files, default | sdk/src/submit/options.ts DEFAULT_OUTPUT_MAXIMUM_BYTES | results are stored and served by the coordinator | \`outputMaximumBytes\` of \`app.map\`
    standard output and collected files, at most | work-units/contract/src/limits.ts OUTPUT_MAXIMUM_BYTES | a result is held in memory while it is checked | lower: the option \`outputMaximumBytes\` of the coordinator
    kept end of standard error | work-units/contract/src/limits.ts STDERR_TAIL_BYTES | enough for a message, small enough for a receipt; older bytes are dropped | protocol
    standard input, input files and everything written | work-units/runtime/src/limits.ts DEFAULT_UNIT_LIMITS.fileTreeMaximumBytes | files live in memory; a unit with larger inputs fails with MH-UNIT-004 | -
    added for each file and folder | work-units/runtime/src/limits.ts FILE_NODE_COST_BYTES | millions of empty files are bounded too | ABI
    files open at one time | work-units/runtime/src/limits.ts DEFAULT_UNIT_LIMITS.openFilesMaximum | standard streams and root folder included | -
    longest name of a file | work-units/runtime/src/limits.ts FILE_NAME_MAXIMUM_BYTES | as in POSIX | ABI
    longest path in one call | work-units/runtime/src/limits.ts PATH_MAXIMUM_BYTES | as in Linux | ABI
    buffers of one read or write | work-units/runtime/src/limits.ts BUFFERS_MAXIMUM | IOV_MAX of Linux | ABI
    subscriptions of one \`poll_oneoff\` | work-units/runtime/src/limits.ts SUBSCRIPTIONS_MAXIMUM | bounds the work of one call | ABI
    bytes of one \`random_get\` | work-units/runtime/src/limits.ts RANDOM_MAXIMUM_BYTES | bounds the work of one call | ABI
    arguments and environment together | work-units/runtime/src/limits.ts ARGUMENTS_MAXIMUM_BYTES | they are copied into the memory of the unit | ABI
    seed of the randomness | work-units/runtime/src/limits.ts SEED_MAXIMUM_BYTES | the key of the stream that \`random_get\` gives | ABI
    fuel of one run, default for each millisecond of the timeout | sdk/src/submit/options.ts DEFAULT_FUEL_PER_TIMEOUT_MS count | about four times what an ordinary core uses: only what never ends meets it, as MH-UNIT-008 | \`map --fuel\`; \`fuelMaximum\` of \`app.map\`
    fuel of one run, at most | work-units/contract/src/limits.ts FUEL_MAXIMUM | the largest exact integer; weeks of an ordinary core | protocol
    marks of one unit | work-units/contract/src/limits.ts MARKS_MAXIMUM | bounds a chain; a day of work has about twenty thousand | protocol
    encrypted checkpoint for a successor | work-units/contract/src/limits.ts CHECKPOINT_MAXIMUM_BYTES | the coordinator keeps it; a larger one is not handed over, and the unit begins anew | protocol
    hosts that work on one replica in turn | work-units/contract/src/limits.ts HAND_OVERS_MAXIMUM | their statements stay in one lease | protocol
    computing time of one run, default | sdk/src/submit/options.ts DEFAULT_TIMEOUT_MS | an endless loop ends; counts as a failure of the host, not of the unit; time asleep, stopped or paused does not count | \`map --timeout\`; \`timeoutMs\` of \`app.map\`
    computing time of one run, at most | work-units/contract/src/limits.ts UNIT_TIMEOUT_MAXIMUM_MS | the longest lease; cut longer work into units | protocol
  `,
  'limits-batch': `
    units of a batch | work-units/contract/src/limits.ts UNITS_PER_BATCH_MAXIMUM | the root of the manifest stays one block; submit several batches | protocol
    units of a page of the manifest | work-units/contract/src/limits.ts UNITS_PER_PAGE | a host fetches only the pages of its units | protocol
    block | work-units/contract/src/limits.ts BLOCK_MAXIMUM_BYTES | checked whole on arrival; larger files are lists of blocks | protocol
    input file | work-units/contract/src/limits.ts INPUT_FILE_MAXIMUM_BYTES | its list of blocks stays one block; a unit can use as much as its files may have (see above) | protocol
    input files of a unit, as many common ones, and collected files | work-units/contract/src/limits.ts FILES_PER_UNIT_MAXIMUM | a page of units stays one block; more go into an archive | protocol
    arguments of a unit, and as many common ones | work-units/contract/src/limits.ts ARGUMENTS_MAXIMUM | a page of units stays one block; long lists go into a file | protocol
    characters of one argument | work-units/contract/src/limits.ts ARGUMENT_MAXIMUM_BYTES count | as above | protocol
    characters of a name (project, app, batch, account) | work-units/contract/src/limits.ts NAME_MAXIMUM_CHARACTERS | fits pages and file systems; the name of a unit or file may have 255 | protocol
    characters of a licence, a contact and who runs a project | work-units/contract/src/limits.ts FACT_MAXIMUM_CHARACTERS count | one line on a page; a licence is named, not quoted | protocol
    quorum, default | sdk/src/submit/options.ts DEFAULT_QUORUM | a wrong answer needs two accounts that lie alike | \`map --quorum\`; \`quorum\` of \`app.map\`
    quorum, at most | work-units/contract/src/limits.ts QUORUM_MAXIMUM | each step costs every unit once more | protocol
    expected duration of a unit, default | sdk/src/submit/options.ts DEFAULT_EXPECTED_DURATION_MS | matches units with hosts and sizes leases | \`map --expect\`; \`expectedDurationMs\` of \`app.map\`
    credit of one replica, at most | work-units/contract/src/limits.ts CREDIT_PER_REPLICA_MAXIMUM_MILLI | no unit can run away with the ledger | lower: the option \`creditPerReplicaMaximumMilli\` of the coordinator
    module | work-units/contract/src/limits.ts MODULE_MAXIMUM_BYTES | every host fetches, checks and compiles it | protocol
    computing that instrumenting a module takes | work-units/contract/src/limits.ts BUILD_CPU_MAXIMUM_MS | the coordinator makes the builds of every version again | lower or higher: the option \`appCheckTimeoutMs\` of the coordinator; \`app build\` ends at it
    difference of clocks in a signed call | work-units/contract/src/signatures/request-token.ts REQUEST_FRESHNESS_MS | bounds how long used calls are remembered | protocol
  `,
  'limits-wire': `
    frame of the WebSocket | work-units/contract/src/limits.ts FRAME_MAXIMUM_BYTES | bounds what one message may cost in memory | protocol
    units of a lease | work-units/contract/src/limits.ts UNITS_PER_LEASE_MAXIMUM | a receipt for all of them fits in one frame | protocol
    leases of a renewal that tells progress | work-units/contract/src/limits.ts LEASES_PER_PROGRESS_MAXIMUM | fits the frame of the versions before | protocol
    progress of the leases of a renewal | work-units/contract/src/limits.ts PROGRESS_MAXIMUM_BYTES | as above | protocol
    bundle inside a receipt | work-units/contract/src/limits.ts INLINE_BUNDLE_MAXIMUM_BYTES | small results need no second exchange; larger ones are uploaded when asked for | protocol
    part of an upload | work-units/contract/src/limits.ts PART_MAXIMUM_BYTES | proxies let 1 MiB through by default; eight seconds at 512 kbit/s | protocol
  `,
  'limits-coordinator': `
    new projects in an hour from one address, waiting for approval | coordinator/src/admission/foundings.ts PENDING_PROJECTS_PER_HOUR | the operator reads each; those with an invitation are not counted | -
    the same where anybody may create projects (\`--open\`) | coordinator/src/admission/foundings.ts OPEN_PROJECTS_PER_HOUR | each makes a row for good | -
    one-time codes of an account | coordinator/src/storage/sqlite/accounts.ts CODES_MAXIMUM | each makes a row for an hour | -
    bytes of a receipt, times those of its news | coordinator/src/core/validation/receipt-items.ts REPEATED_FACTOR | and 1 KiB; a larger one is not kept, and its news are asked for again (MH-RCP-007) | -
    bytes that an account may owe, times \`hostLastingBytes\` | coordinator/src/core/lasting/lasting-bytes.ts ACCOUNT_FACTOR | results that nobody confirmed; beyond it receipts and work are told a time (MH-RCP-006) | -
    seconds after which such a budget is whole again | coordinator/src/core/lasting/lasting-bytes.ts REFILL_SECONDS | 64 KiB a second of the default | -
    computing of a check before any other goes on | coordinator/src/apps/domain/check-turns.ts FIRST_TURN_MS | an ordinary program is done by then | -
    computing of its later turns | coordinator/src/apps/domain/check-turns.ts TURN_MS | the project that has used least comes first | -
    checks that are stopped between their turns | coordinator/src/apps/domain/check-turns.ts STOPPED_MAXIMUM | each keeps its memory; all together at most half of \`appCheckMemoryBytes\` | -
    log of equal events in full | foundation/src/log/repeated-events.ts FULL_LINES_BYTES | then their number is told, after ten seconds and at last once an hour: 1,500 of a kind cost less than 10 KB | -
    time for a handshake | coordinator/src/workers/worker-session.ts HANDSHAKE_MS | idle strangers take no place | -
    time in which an older connection of the same key must answer | coordinator/src/workers/worker-session.ts TWIN_ANSWER_MS | otherwise the newer one takes its place; a live worker answers at once | -
    wait of a worker whose key another one uses | coordinator/src/workers/worker-session.ts TWIN_RETRY_MS | both are told at each attempt | -
    time between pings | coordinator/src/workers/worker.gateway.ts PING_INTERVAL_MS | finds broken lines | -
    requests of one connection under way | coordinator/src/workers/socket-channel.ts IN_FLIGHT_MAXIMUM | beyond it the socket is not read | -
    unsent bytes of one connection | coordinator/src/workers/socket-channel.ts BUFFERED_MAXIMUM_BYTES | a host that does not read is cut off | -
    bad or excessive frames of one connection | coordinator/src/workers/socket-channel.ts OFFENCES_MAXIMUM | then the connection is closed | -
    requests for work under way | coordinator/src/workers/message-handlers.ts LEASE_REQUESTS_MAXIMUM | beyond it hosts ask later, so that receipts keep their place | -
    peers in one answer | coordinator/src/core/hosts/overlay-tracker.ts PEERS_MAXIMUM | enough for a fetch; chosen at random | -
    addresses of one peer in it | coordinator/src/core/hosts/overlay-tracker.ts ADDRESSES_MAXIMUM | as many as a worker tries | -
    addresses in it at which nobody was found yet | coordinator/src/core/hosts/overlay-tracker.ts UNFOUND_MAXIMUM | the next who ask get some too | -
    hosts in a minute that are told of one machine where nobody was found yet | coordinator/src/core/hosts/domain/hand-outs.ts IN_SIGHT_MAXIMUM count | each tries an address twice; before more are told the coordinator looks itself | -
    the same behind one public address, where the coordinator cannot look | coordinator/src/core/hosts/domain/hand-outs.ts OUT_OF_SIGHT_MAXIMUM count | at most eight connections in all | -
    connections by which the coordinator looks for hosts, at one time | coordinator/src/core/hosts/domain/dial-back-bounds.ts UNDER_WAY_MAXIMUM | at most one a host and minute | -
    of these, for hosts of one network (/24, /56) | coordinator/src/core/hosts/domain/dial-back-bounds.ts UNDER_WAY_PER_NETWORK_MAXIMUM | one network cannot keep the others out | -
    of these, in a minute and in vain at one machine, for hosts that come from there | coordinator/src/core/hosts/domain/dial-back-bounds.ts VAIN_FOR_OWN_MAXIMUM count | with what others are told no more than eight | -
    the same for hosts that come from elsewhere | coordinator/src/core/hosts/domain/dial-back-bounds.ts VAIN_FOR_OTHERS_MAXIMUM count | strangers use up nothing of its own hosts | -
    the same at one address and port | coordinator/src/core/hosts/domain/dial-back-bounds.ts VAIN_AT_PLACE_MAXIMUM count | one victim costs the other hosts of its address little | -
    time of such a connection | overlay/node/src/seed/lookout.ts LOOK_TIMEOUT_MS | a node that is there answers in a moment | -
    life of a page as it was sent | coordinator/src/pages/rendered-pages.ts PAGE_LIFETIME_MS | many viewers of one page cost as much as one | -
    pages held for that | coordinator/src/pages/rendered-pages.ts RENDERED_PAGES_MAXIMUM | some kilobytes each; addresses that do not exist are never among them | -
    body of a JSON call | coordinator/src/http/request-body.ts JSON_BODY_MAXIMUM_BYTES | the largest manifest fits, which older libraries send in the call; newer ones stay below 1 MiB | -
    JSON bodies being received together | coordinator/src/http/request-body.ts PENDING_JSON_MAXIMUM_BYTES | what a flood may cost in memory; the network with most gives up the body that waits longest for bytes | -
    uploads being received together | coordinator/src/http/request-body.ts PENDING_UPLOADS_MAXIMUM_BYTES | uploads must not keep calls out | -
    checkpoints being received in single calls | coordinator/src/http/request-body.ts CHECKPOINTS_MAXIMUM count | they go to the disk; the network with most gives up the idlest | -
    age of an unfinished upload that gets no part | coordinator/src/core/uploads/unfinished-uploads.ts UNFINISHED_MAXIMUM_MS | a computer that sleeps over night goes on where it stopped | -
    unfinished uploads of one host | coordinator/src/core/uploads/unfinished-uploads.ts UNFINISHED_PER_HOST_MAXIMUM count | another one takes the place of the one that stood still longest | -
    wait for a result that its host keeps and does not bring | coordinator/src/core/validation/domain/custody.ts UNDELIVERED_MAXIMUM_MS | without a byte for so long its word is void, and the unit is computed anew | -
    connections that wait to be accepted | foundation/src/server-places.ts LISTEN_BACKLOG | of each server; Linux keeps no more than \`net.core.somaxconn\` | -
    time for headers and body of a call | coordinator/src/main.ts REQUEST_TIMEOUT_MS | slow senders take no place for ever | -
    time after which a connection without a call is closed | coordinator/src/main.ts KEEP_ALIVE_MS | others may need its place | -
    burst of calls of one address, in seconds of its rate | coordinator/src/admission/admission.ts CALLS_BURST_SECONDS | a page loads many things at once; the rate is \`requestsPerSecond\` | -
    calls that waited for their turn and begin together | foundation/src/turns.ts BEGUN_IN_A_PASS | one of each network, then whoever came meanwhile is taken in: a burst keeps nobody else waiting | -
    time in which they wait for connections that are still to be taken in | coordinator/src/http/taken-in.ts TAKING_IN_MAXIMUM_MS | whoever stands behind a crowd of connections is seen before the crowd is served | -
    WebSockets that an address may ask for, times its handshakes | coordinator/src/admission/admission.ts ANSWERED_FACTOR | it is told when to come again; beyond it connections are cut, which costs least | -
    burst of handshakes of all workers, in seconds of their rate | coordinator/src/admission/admission.ts HANDSHAKES_BURST_SECONDS | they come together when a coordinator comes back; the rate is \`handshakesPerSecond\` | -
    what all addresses of a /24 of IPv4 (or a /56 of IPv6) may do, times that of one address (or /64) | foundation/src/network-budget.ts NETWORK_FACTOR | neighbours are not one another’s fault; of calls, handshakes, new hosts, new accounts and requests to the gateway | -
    networks remembered for each rate | foundation/src/network-budget.ts NETWORKS_MAXIMUM | beyond it the one that called longest ago starts afresh, and no other | -
    least rate of a body, a second | foundation/src/pace.ts RATE_MINIMUM_BYTES | a line of 64 kbit/s carries twice as much | -
    time in which nothing of a body need come | foundation/src/pace.ts STALL_MAXIMUM_MS | lines stall; who stalls longer is told so (MH-GEN-004) | -
    shortest time after which somebody is told to come again | foundation/src/arrivals.ts LATER_MINIMUM_MS | the jitter adds up to as much again, to all such times | -
    longest such time because many come at once | foundation/src/arrivals.ts LATER_MAXIMUM_MS | those whose networks brought most wait longest | -
    lag of the event loop that strains nobody, as a part of heavyLagMs | coordinator/src/admission/domain/strain.ts HARMLESS_PART | busy machines have it all the time | -
    time after which a call that can wait is to come again at such a lag, before the jitter | coordinator/src/admission/domain/call-kinds.ts HELD_BACK_MAXIMUM_MS | less where the lag is less | -
    units in hand of a host of which nothing is known | coordinator/src/core/leases/domain/sizing.ts IN_HAND_AT_FIRST | a result that is handed in frees its place; each that agreed is worth as many more, whatever cores it claims | -
    work in one lease | coordinator/src/core/leases/domain/sizing.ts WORK_PER_LEASE_MS | for every sixteen units that the host may have in hand: messages are rare, a lost host delays little | -
    duration of a lease, times its work | coordinator/src/core/leases/domain/sizing.ts DURATION_FACTOR | hosts are slower, busier and paused; at least \`leaseMinimumMs\` | -
    duration of a lease, before it is renewed | coordinator/src/core/leases/domain/sizing.ts LEASE_DURATION_MAXIMUM_MS | a host that vanished is noticed within a day | -
    a lease with all its renewals, times its work | coordinator/src/core/leases/domain/sizing.ts LONGEST_FACTOR | nobody keeps units for ever; its work is what accepted units of the batch took, at least \`leaseMinimumMs\` | \`map --expect\`, until five units are accepted
    a unit is held before others may have it too, times its work | coordinator/src/core/leases/domain/sizing.ts OVERDUE_FACTOR | nobody waits for one host; half of \`leaseMinimumMs\` at least | as above
    accepted units by which the pace of a batch is known | coordinator/src/core/units/domain/pace.ts SAMPLES_NEEDED | until then what \`--expect\` says counts; later the median of the last fifteen that were looked at | -
    networks that an operator may call shared | coordinator/src/config/options.ts SHARED_NETWORKS_MAXIMUM | they are shown on the page of each project | -
    open units of one host | coordinator/src/core/standing/domain/allowance.ts OPEN_UNITS_PER_HOST_MAXIMUM | room to fetch ahead, no hoarding | -
    open leases of one host | coordinator/src/core/leases/domain/sizing.ts OPEN_LEASES_PER_HOST_MAXIMUM | what two renewals name | -
    replicas of a unit | coordinator/src/core/units/domain/unit-state.ts attemptsMaximum() | hosts that never agree end as MH-VAL-002 | -
    failures of one party (account, key, network) to run a unit | coordinator/src/core/units/domain/unit-state.ts FAILURES_PER_PARTY_MAXIMUM | a passing fault is forgiven, a lasting one is not | -
    host failures of a unit | coordinator/src/core/units/domain/unit-state.ts hostFailuresMaximum() | nobody can run it: MH-VAL-003 | -
    accounts on which a unit runs out before it is held | coordinator/src/core/leases/domain/lapses.ts HELD_AFTER_ACCOUNTS | each in a network of its own, and delivering other work | -
    times that a unit runs out on a host before others come first | coordinator/src/storage/sqlite/lapses.ts LAPSES_BEFORE_OTHERS | it goes on with what it began, not for ever | -
    failures of a host in a row that are forgiven | coordinator/src/core/standing/domain/back-off.ts FAILURES_FORGIVEN | one bad unit must not idle a host | -
    first wait of a host that keeps failing | coordinator/src/core/standing/domain/back-off.ts FIRST_WAIT_MS | doubles with each failure | -
    longest wait of a host that keeps failing | coordinator/src/core/standing/domain/back-off.ts LONGEST_WAIT_MS | a repaired machine comes back | -
    projects that wait for approval | coordinator/src/storage/sqlite/projects.ts PENDING_MAXIMUM | strangers cannot fill the table; when it is full, the network with most of them gives one up for another | -
    life of a project that nobody approves | coordinator/src/projects/projects.service.ts PENDING_LIFETIME_MS | its name is free again | -
    life of an invitation | coordinator/src/projects/projects.service.ts INVITATION_LIFETIME_MS | a lost one ends by itself | -
    life of an account code | coordinator/src/accounts/accounts.service.ts CODE_LIFETIME_MS | it is typed at once | -
    page of a list | coordinator/src/http/domain/page-bounds.ts PAGE_MAXIMUM_BYTES | an answer takes some milliseconds; the next page follows | -
    rows of a page | work-units/contract/src/rest/paging.ts PAGE_ROWS_MAXIMUM count | as above | -
    batches of a project in one page | coordinator/src/batches/batches.service.ts LISTED_MAXIMUM | newest first; the next page follows | -
    units in one page | coordinator/src/batches/outcomes.service.ts UNITS_LISTED_MAXIMUM | each has its replicas with it; the next page follows | -
    units looked at for one page of those in a state | coordinator/src/storage/sqlite/units-queries.ts UNITS_LOOKED_AT_MAXIMUM | a page may be short, or empty, and have a next one | -
    pages of a manifest read for one answer | coordinator/src/batches/unit-names.ts PAGES_READ_MAXIMUM | names come from them; the list goes on in the next page | -
    seconds in which a reader’s share fills | coordinator/src/http/read-budget.ts FULL_SECONDS count | a school that looks at pages does not notice it; the share is \`readCpuMsPerSecond\` | -
    bytes of costly answers to one network in a second | coordinator/src/http/read-budget.ts NETWORK_BYTES_PER_SECOND | results go out, and leave room for others | -
    the same to one project that signs its calls | coordinator/src/http/read-budget.ts PROJECT_BYTES_PER_SECOND | a scientist collects what is his, whoever shares his address | -
    all networks together, times one | coordinator/src/http/read-budget.ts TOGETHER_FACTOR | when many read, each has less; more than half of the processor stays for the work | -
    calls of one reader that wait for outcomes | coordinator/src/http/read-budget.ts WAITING_MAXIMUM | each outcome is told to all of them | -
    projects in one page of questions | work-units/contract/src/rest/questions.ts QUESTIONS_MAXIMUM count | the next page follows | -
    people shown of a project or batch | coordinator/src/questions/hands.service.ts HANDS_MAXIMUM | those with most accepted units | -
    intervals of a batch’s chart | coordinator/src/core/domain/histogram.ts INTERVALS_MAXIMUM | they grow with the batch, from a second on | -
    time that the pace of a project is kept | coordinator/src/storage/sqlite/ledger.ts THROUGHPUT_KEPT_MS | pages show ten minutes | -
    hosts shown as peers | coordinator/src/core/hosts/hosts.service.ts PEERS_MAXIMUM | a page cannot draw more | -
    output shown in lists | coordinator/src/core/results/domain/result-facts.ts SHOWN_STDOUT_MAXIMUM_BYTES | longer ones have an address of their own | -
    writes in one transaction | coordinator/src/storage/sqlite/database.ts WRITES_PER_COMMIT_MAXIMUM | bounds how long one commit holds the event loop | -
    turns of the event loop that a commit waits for | coordinator/src/storage/sqlite/database.ts TURNS_PER_COMMIT count | one connection is accepted in each, so that newcomers need no flush of the disk each | -
    the longest such wait | coordinator/src/storage/sqlite/database.ts COMMIT_WAIT_MAXIMUM_MS | answers that follow the commit come soon | -
    requests of one address to the gateway in a second | overlay/node/src/seed/gateway-server.ts PER_SECOND | a campus may share one address | -
    burst of them | overlay/node/src/seed/gateway-server.ts BURST | a large input at once | -
    time after which the gateway closes a connection without a request | overlay/node/src/seed/gateway-server.ts KEEP_ALIVE_MS | others may need its place | -
    handshakes of the overlay under way | overlay/node/src/peer/inbound.ts PENDING_MAXIMUM | the network with most gives up the idlest | -
  `,
  'limits-worker': `
    disk, default | worker/core/src/defaults.ts DEFAULT_DISK_BYTES | most for blocks, the rest for saved units and results that wait | \`worker join --disk\`, at least 64 MiB
    free disk that is left to the owner | worker/src/policy-sensors/disk.ts DISK_RESERVE_BYTES | below it the worker pauses | -
    time between looks at the battery | worker/src/daemon/adapters.ts BATTERY_INTERVAL_MS | a look costs little, a battery lasts long | -
    time between looks at the disk | worker/src/daemon/adapters.ts DISK_INTERVAL_MS | results come quickly | -
    cache of inputs and modules in the executor | worker/src/executor/daemon/supervisor.ts CACHE_MAXIMUM_BYTES | at most a quarter of \`--memory\` | -
    memory of the executor beside that of the units | worker/src/executor/daemon/supervisor.ts OVERHEAD_BYTES | Node and the cache; beyond it the process is ended | -
    the same for each core | worker/src/executor/daemon/supervisor.ts OVERHEAD_PER_THREAD_BYTES | files and output of a unit | -
    a slice of a unit takes about | worker/src/executor/thread/slice-pacer.ts SLICE_MS | between two of them a unit can pause or be saved | -
    time between snapshots of a unit on disk | worker/src/executor/thread/unit-run.ts SNAPSHOT_INTERVAL_MS | what a power cut costs at most, with the slice and the write | -
    snapshot of a unit that no lease holds is kept for | worker/src/journal/snapshot-store.ts SPARE_MAXIMUM_MS | a unit that does not come again is done elsewhere; a fifth of \`--disk\` holds all snapshots, and those that no lease holds make room first, the oldest before the others, then those that took the least time | -
    tiny units sent to a thread together | worker/src/executor/process/task-queue.ts BATCH_UNITS_MAXIMUM | the way to a thread costs more than they do | -
    a thread without work ends after | worker/src/executor/process/thread-pool.ts IDLE_MAXIMUM_MS | gives memory back | -
    time between looks at the memory of the executor | sandbox/src/memory-watch.ts INTERVAL_MS | a look costs little; a memory group needs none | -
    a wall that is tried answers within | sandbox/src/try-wall.ts PATIENCE_MS | then the next one is tried; a busy machine takes many times the usual tenth of a second | -
    an executor that says nothing is ended after | worker/src/executor/daemon/liveness.ts SILENCE_MAXIMUM_MS | it has lost its main loop; time asleep or stopped does not count | -
    a clock that jumps by more has slept | work-units/contract/src/time/awake-clock.ts LATE_MAXIMUM_MS | no deadline comes nearer in sleep; a busy machine is late by less | -
    addresses of one peer that are tried | overlay/node/src/peer/addresses.ts ADDRESSES_TRIED_MAXIMUM | an honest host has few | -
    connections in a minute to one address and port, and of those that find nobody to one address (or /64 of IPv6) | overlay/node/src/peer/dial-budget.ts DIALS_TO_ONE_TARGET_MAXIMUM | many hosts may name one victim; the coordinator's seed is counted apart | -
    of these, without finding the peer, at one address and port | overlay/node/src/peer/dial-budget.ts VAIN_AT_PLACE_MAXIMUM count | blocks come from elsewhere meanwhile | -
    manifests held open | worker/src/data-plane/unit-source.ts MANIFESTS_MAXIMUM | the oldest leaves with its swarm | -
    time for a part of an upload | worker/src/control/coordinator-api.ts PART_TIMEOUT_MS | a part takes eight seconds at 512 kbit/s; on slower lines smaller ones are sent | -
    smallest part that is tried | worker/src/control/part-upload.ts PART_MINIMUM_BYTES | where a proxy or the line takes no larger ones | -
    silence in a download of a checkpoint | worker/src/control/coordinator-api.ts SILENCE_MAXIMUM_MS | it may take as long as it takes, as long as something comes | -
    unreadable frames of the coordinator | worker/src/control/control-client.ts BAD_FRAMES_MAXIMUM | then the connection is made anew | -
  `,
  'limits-sdk': `
    memory of a local run beside that of its unit | sdk/src/local/run-confined.ts OVERHEAD_BYTES | Node, the module and its code; beyond it the run is ended | -
    patience with a coordinator that is away | sdk/src/rest/client.ts DEFAULT_PATIENCE_MS | a restart, an upgrade, a moved laptop | \`patienceMs\` of \`connect\`
    the same for the first call | sdk/src/define/coordinator.ts FIRST_CALL_PATIENCE_MS | a wrong address should say so soon | \`patienceMs\` of \`connect\`, if shorter
    time for one call | sdk/src/rest/client.ts DEFAULT_TIMEOUT_MS | then it is tried again | -
    answer to one call | sdk/src/rest/client.ts JSON_ANSWER_MAXIMUM_BYTES | a coordinator cannot fill the memory | -
    blocks sent at once | sdk/src/submit/block-uploader.ts PARALLEL_UPLOADS_MAXIMUM | fills a line, leaves room for others | -
    results fetched ahead | sdk/src/results/batch.ts DEFAULT_AHEAD | hides the way to the coordinator; a slow reader holds the rest back | \`ahead\` of \`batch.results\`
    bytes of them | sdk/src/results/batch.ts AHEAD_MAXIMUM_BYTES | memory of the laptop | -
    wait of one long poll | sdk/src/results/outcomes.ts WAIT_MS | below the time limit of proxies | -
    wait for the check of a program | sdk/src/define/app.ts CHECK_PATIENCE_MS | longer than the check of some programs takes; the same call again continues to wait | -
    programs whose builds are kept | sdk/src/build/build-cache.ts KEPT_PROGRAMS_MAXIMUM | those used longest ago leave; the folder \`builds\` may be deleted at any time | -
    failed units listed by \`map\` and \`batch results\` | cli/src/support/collected-words.ts LISTED_FAILURES_MAXIMUM | a terminal is short; \`--json\` lists all | -
    lines of standard error shown for each | cli/src/support/collected-words.ts SHOWN_STDERR_LINES | the same | -
  `,
};

/** The tables by the name of their place: rows of `{ what, file, name, unit, why, change }`. */
export const LIMIT_TABLES = Object.fromEntries(
  Object.entries(TABLES).map(([place, text]) => [place, text.trim().split('\n').map(toRow)]),
);

function toRow(line) {
  const [what, constant, why, change] = line.split(' | ').map((part) => part.trim());
  const [file, name, unit] = constant.split(' ');
  return { what, file, name, unit, why, change: CHANGES[change] ?? (change === '-' ? `\`${file}\`` : change) };
}

/** Files of which every exported constant must be in a table. */
export const COMPLETE = ['work-units/contract/src/limits.ts', 'work-units/runtime/src/limits.ts'];
/** Constants of these files that are no limits, or that the tables show from another place. */
export const ELSEWHERE = [
  'PAGE_BYTES',
  'PAGES_MAXIMUM',
  'MEBIBYTE',
  'CLOCK_MAXIMUM_MS',
  'DEFAULT_UNIT_LIMITS.outputMaximumBytes',
  'DEFAULT_UNIT_LIMITS.stderrTailBytes',
];
/** Files whose tables are made of their own comments. */
export const SELF_EXPLAINED = {
  module: 'work-units/instrument/src/limits.ts',
  overlay: 'overlay/core/src/limits.ts',
  'worker-core': 'worker/core/src/constants.ts',
};
/** Reasons of constants whose own file gives none, or none that stands by itself. */
export const REASONS = {
  BACK_OFF_BASE_MS: 'First wait before connecting again; doubles, half of it random.',
  EARLY_FAILURES: 'So many failures count as early.',
  BACK_OFF_MAXIMUM_MS: 'Longest wait after many failures.',
  PREPARED_MS: 'Units are fetched ahead for so much work of each core, at least one for each core.',
  PREPARED_MINIMUM: 'Units fetched ahead, at least.',
  PREPARED_MAXIMUM: 'Units fetched ahead, at most.',
  PREPARED_BYTES_MAXIMUM: 'Their inputs, at most.',
  REPORT_UNITS_MAXIMUM: 'Results in one receipt.',
  REPORTS_IN_FLIGHT_MAXIMUM: 'Receipts that wait for their acknowledgement.',
  REPORT_RETRY_MS: 'First wait before a receipt is sent again; doubles.',
  REPORT_RETRY_MAXIMUM_MS: 'Longest wait before a receipt is sent again.',
  CUSTODY_INTERVAL_MS: 'Kept bundles are named to the coordinator this often.',
  CUSTODY_ITEMS_MAXIMUM: 'Bundles named in one message: the bound of the protocol.',
  LOST_NAMED_MAXIMUM: 'Of these, so many that the disk does not give back.',
  UPLOADS_MAXIMUM: 'Uploads at once: a home uplink is not cut into slivers.',
  UPLOAD_RETRY_MS: 'First wait before an upload is tried again; doubles.',
  UPLOAD_RETRY_MAXIMUM_MS: 'Longest wait before an upload is tried again.',
  FETCH_RETRY_MS: 'Wait before a fetch is tried again.',
  RENEW_TOGETHER_MS: 'Renewals that are due within this time share a message.',
  LEASES_PER_RENEWAL: 'Leases in one renewal: the bound of the protocol.',
  MANIFESTS_REMEMBERED: 'Manifests named as known when asking for work.',
  'MODULE_LIMITS.globals': 'Far above what compilers make.',
  'MODULE_LIMITS.exports': 'Far above what compilers make.',
  'MODULE_LIMITS.elementSegments': 'Far above what compilers make.',
  'MODULE_LIMITS.dataSegments': 'Far above what compilers make.',
  'MODULE_LIMITS.dataBytes': 'All data segments together; more belongs into input files.',
  FIND_PEERS_RELAXED_MS: 'The same when there are enough peers.',
  ENOUGH_PEERS: 'So many peers are enough.',
  ASK_MINIMUM_MS: 'The shortest wait between two requests for work.',
  REPORT_FAILURES_MAXIMUM: 'Failures in one receipt: their ends of standard error must fit in the frame.',
  QUICK_MS: 'A block that comes so quickly lets the number of requests grow.',
  SLOW_MS: 'A block that takes so long lets it shrink: a longer queue at slow peers only delays everyone.',
  GATEWAY_MISSES_MAXIMUM: 'A block is given up after so many refusals of the gateway.',
  GIVE_UP_MS:
    'A block is given up when the gateway cannot be reached for so long. A restart of the coordinator is shorter.',
  OFFER_LIFE_MS: 'A block that the seed offered counts as given away for so long before it was fetched.',
  COPY_LIFE_MS: 'The same after it was fetched, while the peer that got it stays connected.',
  BACKOFF_MAXIMUM_MS: 'The longest wait after a failure of a source.',
};
