// What the shop's customer service says to what it is asked most. The chatbot quotes from it and knows nothing else.

export interface HelpText {
  id: string;
  title: string;
  /** How people ask for it. */
  asked: readonly string[];
  text: string;
}

export const HELP_TEXTS: readonly HelpText[] = [
  {
    id: 'delivery-time',
    title: 'Delivery time',
    asked: ['How long does delivery or shipping take?', 'When will my parcel arrive?'],
    text: 'Delivery takes two to four working days. The order page shows the expected day as soon as the parcel is packed. Bulky goods such as benches and desks come by a carrier, who calls you for a date.',
  },
  {
    id: 'shipping-cost',
    title: 'Shipping costs',
    asked: ['What does shipping cost?', 'Is delivery free?'],
    text: 'Delivery is free from 50 euros, and 4.90 euros below. Bulky goods cost 19 euros to deliver, whatever the order comes to.',
  },
  {
    id: 'shipping-abroad',
    title: 'Delivery to other countries',
    asked: ['Do you ship abroad?', 'Can you deliver to another country?'],
    text: 'We ship to every country of the European Union. Abroad, delivery takes up to seven working days and costs 9.90 euros. We cannot deliver to parcel lockers outside the country of the shop.',
  },
  {
    id: 'returns',
    title: 'Returning an item',
    asked: ['How do I return an item?', 'How do I send something back?', 'Can I return shoes?'],
    text: 'You can return any item within 30 days of its arrival, free of charge. Print the return label from the order page, put it on the parcel and hand it in at any parcel shop. Worn shoes and opened food bowls cannot be taken back.',
  },
  {
    id: 'refund',
    title: 'Refunds',
    asked: ['When do I get my money back?', 'How long does a refund take?'],
    text: 'The refund comes within five days of the arrival of your return. It goes back the way you paid. Shipping costs are refunded when the whole order is returned.',
  },
  {
    id: 'tracking',
    title: 'Tracking an order',
    asked: ['Where is my order?', 'How do I track the parcel?'],
    text: 'The order page has a tracking link as soon as the parcel leaves the warehouse. If the link has not moved for three working days, write to us and we will look for the parcel.',
  },
  {
    id: 'cancel',
    title: 'Cancelling or changing an order',
    asked: ['How can I cancel an order?', 'Can I change my order?'],
    text: 'Until it is packed, you can cancel or change an order yourself on the order page. After that, refuse the parcel at the door or return it free of charge.',
  },
  {
    id: 'payment-methods',
    title: 'Ways to pay',
    asked: ['Which payment methods are accepted?', 'Can I pay by card or invoice?'],
    text: 'We accept cards, bank transfer and invoice. With an invoice you pay within 14 days of the arrival of the parcel. Your card is charged when the parcel leaves the warehouse, not before.',
  },
  {
    id: 'payment-failed',
    title: 'A payment that failed',
    asked: ['My payment was declined, what now?', 'Why was my card refused?'],
    text: 'When a payment is declined, the order is kept for 24 hours. Open the order page and choose another way to pay. We never learn why a bank has declined; your bank can tell you.',
  },
  {
    id: 'invoice',
    title: 'Getting the invoice',
    asked: ['Where do I find my invoice or receipt?', 'I need a bill for my company'],
    text: 'The invoice is on the order page as a file to download, from the day of dispatch. For a company, enter its name and tax number in the invoice address before you pay.',
  },
  {
    id: 'warranty',
    title: 'Warranty',
    asked: ['How long is the warranty or guarantee?', 'My product is broken after a year'],
    text: 'Every product has a warranty of two years. If something breaks within that time, we repair or replace it free of charge. Wear, such as that of tyres and soles, is not covered.',
  },
  {
    id: 'damaged',
    title: 'A parcel that arrived damaged',
    asked: ['My parcel is damaged', 'An item is missing from my order', 'I got the wrong product'],
    text: 'Tell us within seven days when something is damaged, missing or wrong, and add a photograph. We send a replacement at once; you need not wait for the return to arrive.',
  },
  {
    id: 'password',
    title: 'Forgotten password',
    asked: ['I forgot my password', 'How do I reset my account?'],
    text: 'The sign-in page sends you a link with which to choose a new password. The link is good for one hour and for one use. All other devices are signed out when you use it.',
  },
  {
    id: 'account-change',
    title: 'Changing name, address or e-mail',
    asked: ['How do I change my address?', 'I have a new e-mail'],
    text: 'You can change your name, your addresses and your e-mail in the account settings. A new address counts for orders that you place from then on; orders that are packed keep the old one.',
  },
  {
    id: 'account-delete',
    title: 'Deleting an account and personal data',
    asked: ['How do I delete my account?', 'What data do you store about me?'],
    text: 'You can delete your account in the account settings. Your personal data is erased after 14 days; invoices are kept as long as the law demands. A copy of all data that we hold of you is on the same page.',
  },
  {
    id: 'stock',
    title: 'Items that are sold out',
    asked: ['Is a product in stock?', 'When is it available again?'],
    text: 'The product page shows how many pieces are in stock. When an item is sold out, the bell on its page sends you a mail on the day it is back. We cannot reserve items.',
  },
  {
    id: 'voucher',
    title: 'Vouchers and discount codes',
    asked: ['How do I use a voucher or coupon?', 'My discount code does not work'],
    text: 'Enter a voucher or discount code in the last step before paying. One code counts for one order. Codes cannot be combined, and what is left of a voucher stays on it for the next time.',
  },
  {
    id: 'bulk',
    title: 'Buying many pieces',
    asked: ['Is there a discount for large quantities?', 'Bulk prices for companies'],
    text: 'From 10 pieces of one product the price is 5 percent lower, and from 50 pieces 12 percent. The cart takes it off by itself.',
  },
  {
    id: 'gift',
    title: 'Gifts',
    asked: ['Can you wrap it as a gift?', 'Do you have gift cards?'],
    text: 'We wrap gifts for 3 euros; tick the box in the cart. Gift cards are sold from 10 to 250 euros, come by mail and never expire. A gift can be returned without the giver learning of it.',
  },
  {
    id: 'sizes',
    title: 'Sizes',
    asked: ['Which size do I need?', 'Do the shoes run small?'],
    text: 'Each product page of clothes and shoes has a table of sizes in centimetres. Running shoes should be a thumb longer than the foot. Exchanging a size is free and does not end the 30 days.',
  },
  {
    id: 'assembly',
    title: 'Assembly and manuals',
    asked: ['Is the desk assembled?', 'Where do I find the manual?'],
    text: 'Furniture comes in parts, with tools and a manual. Manuals of all products are on their product page as files to download. We do not offer assembly at home.',
  },
  {
    id: 'repair',
    title: 'Spare parts and repair',
    asked: ['Can I get spare parts?', 'Do you repair bicycles?'],
    text: 'Spare parts are kept for at least seven years and are ordered by mail with the number of the product. After the warranty, a repair costs what the estimate says, which you get first and free of charge.',
  },
  {
    id: 'disposal',
    title: 'Old devices and batteries',
    asked: ['How do I dispose of an old device?', 'Where do batteries go?'],
    text: 'We take back old electrical devices free of charge when you buy a new one of the same kind. Batteries can be sent in with any return, wrapped one by one, or handed in at every branch.',
  },
  {
    id: 'newsletter',
    title: 'Newsletter',
    asked: ['How do I unsubscribe from the newsletter?', 'Stop the advertising mails'],
    text: 'Every newsletter ends with a link that unsubscribes you at once. Mails about your orders still come, as you need them.',
  },
  {
    id: 'contact',
    title: 'Reaching a person',
    asked: ['How do I contact customer support by phone?', 'I want to talk to a human'],
    text: 'People answer mails to the address in your order confirmation on working days from 8 to 18 o’clock, within one working day. By phone you reach us at the number that stands on every invoice.',
  },
];
