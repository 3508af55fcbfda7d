"""A small contract with a line of nearly every kind, for tests that go through all of a contract."""

TEXT = """servanda 1

contract small "A small contract"
  source "small.txt" of 12 lines sha256 "0e9bf3a5a3f9d1a1d27fe0ad4d41c1a44cb8b0c4f2c05fd2dd5c2ddbaa0bbd6a"
  law polish-civil-code
  zone time_zone
  holidays of "PL"
  provider "P"
  customer "C"
  third party maker "M"
  version "2" from 2024-01-01

ambiguity hours
  asks "Which hours count?"
  reading working "Those of the office" recommended
  reading all "Every hour"

attribute severity
  ranks 1, 2, 3

list kinds
  cite lines 3 "Sec. 1"
  phone, "by hand", 5
  kept in unmet

list all-kinds
  all of kinds

calendar office
  zone "Europe/Warsaw"
  monday to friday 09:00 to 17:00 save public holidays
  or on reading hours.all
    round the clock
  hours from business_hours
  less outage

calendar weekdays
  all of office
  holidays of country

event answer
  means response_sent or status_update_given
  where automated is no

state paused
  from work_paused until work_resumed

state outage
  from service_outage_started until service_outage_ended

state urgent
  while severity is one of 1, 2
  for each channel

fact cover
  means an entry of purchases
  where service is arr

period month
  means each month

period term
  means each 12 months from support_start

period lately
  means the 3 days up to it

period billed
  means each entry of billing_periods

moment limit
  means 4 hours after ticket_opened, counted in office, stopped while paused
  but where channel of ticket_opened is in all-kinds
    means the later of (response-time after it) and the end of the month of ticket_opened

figure response-time
  means 4 hours

figure most
  means 3
  or on reading hours.all
    means not on record

figure of-the-table
  means hours of target_response_table by severity

condition covered
  any of
    cover is in force at ticket_opened
    fees_paid is yes
    severity at (2 days before ticket_opened) is not recorded as 3

course answers
  follows severity through answer-1, answer-2
  on a rise the limit runs anew from the change
  on a rise the earlier of old and new limit binds
  on a fall the limit runs anew from the trigger
  a passed limit is not cured
  one performance is enough

clause answer-1
  title "Answer at 1"
  title pl "Odpowiedź"
  cite lines 1-2, 7 "Sec. 2"
  concerns each stretch of severity 1
  follows answers
  where covered holds
  the provider shall have answer
    within 2 elapsed hours of stretch

clause answer-2
  title "Answer at 2"
  concerns each stretch of severity 2
  follows answers
  superseded by answer-1
  provided that the number of answer in month is at most most
  the provider shall endeavour to have answer
    within of-the-table of stretch

clause quota
  only on reading hours.all
  concerns each ticket_opened as opening
  save where opening is during outage
  provided that the total of amount of payment_received before opening is at least 20 percent of (the lower of 50 and most)
  the customer may have ticket_opened
    only where the time in paused before opening is less than 3600
    no later than limit
  the customer shall not have ticket_closed
    from opening until the end of lately
    save for paused

clause availability
  concerns each month
  the provider shall keep free of outage
    for at least 99.5 percent of month
    leaving out weekdays

clause whole
  stands for quota, availability

clause order-of-acts
  concerns the first ticket_opened
  the provider shall ensure that
    answer has occurred within 2 calendar days of it with the same channel
    the number of urgent under way at it is at least 0
  the provider shall have ticket_closed
    refused by help_refused
    or instead ticket_closed across tickets
    without a stated limit

clause freed
  concerns the agreement
  where the last invoice_issued is after 2025-01-31
  where amount of the last invoice_issued is the same as amount of payment_received
  maker is released

clause open
  concerns each billed
  either party shall have payment_received
    during term
  stated "Nothing decides the rest."

clause sums
  concerns each ticket_opened as opening
  where the number of cover in force is exactly (2 plus most)
  where (the number of values in unmet) rounded up is at least 1
  save where severity is higher than severity of ticket_opened
  save where channel of opening is among the entry of on_site_availability by severity of opening
  provided that channel of opening mentions "phone"
  the provider shall have answer
    with channel including channel of opening
    for each channel in unmet
    answering opening

clause lost
  concerns each ticket_opened as opening
  the customer is not entitled
"""
