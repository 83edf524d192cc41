#! m:1 bgs:Measure-text Violation
INSERT DATA { m:1 bg:text "Biblioteket skal byggje fleire lesesalar."@nn }
