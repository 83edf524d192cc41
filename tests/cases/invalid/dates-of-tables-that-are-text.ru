#! project:shelves bgs:Project-extensionAnnounced Violation
#! agent:county bgs:earliest-order Violation
#! change:county-2024 bgs:earliest-order Violation
#! agent:county bgs:earliest Violation
#! agent:county bgs:latest Violation
#! change:county-2024 bgs:earliest Violation
#! change:county-2024 bgs:latest Violation
#! round:rooms-2030 bgs:earliest Violation
#! round:rooms-2030 bgs:latest Violation
#! change:county-2024 bgs:date Violation
#! round:rooms-2030 bgs:date Violation
#! agent:county bgs:period Violation
#! service:shelf bgs:period Violation
INSERT DATA {
    project:shelves bg:extensionAnnounced "i fjor" .
    agent:county bg:earliest "i fjor" .
    agent:county bg:latest "i fjor" .
    change:county-2024 bg:earliest "i fjor" .
    change:county-2024 bg:latest "i fjor" .
    round:rooms-2030 bg:earliest "i fjor" .
    round:rooms-2030 bg:latest "i fjor" .
    change:county-2024 bg:date "i fjor" .
    round:rooms-2030 bg:date "i fjor" .
    agent:county bg:period "i fjor" .
    service:shelf bg:period "i fjor" .
}
